import { arpScan } from './arp-scan.ts'
import { badSmtpLogin } from './bad-smtp-login.ts'
import { connectionWithoutDns } from './connection-without-dns.ts'
import { dataUpload } from './data-upload.ts'
import type { Detector } from './detector.ts'
import { dgaNxdomain } from './dga-nxdomain.ts'
import { dhcpScan } from './dhcp-scan.ts'
import { dnsTxtEntropy } from './dns-txt-entropy.ts'
import { executableDownload } from './executable-download.ts'
import { greTunnel } from './gre-tunnel.ts'
import { horizontalPortScan } from './horizontal-port-scan.ts'
import { listedCertificate } from './listed-certificate.ts'
import { listedClientFingerprint } from './listed-client-fingerprint.ts'
import { listedDestination } from './listed-destination.ts'
import { listedDnsAnswer } from './listed-dns-answer.ts'
import { listedDomain } from './listed-domain.ts'
import { listedFile } from './listed-file.ts'
import { listedNameResolved } from './listed-name-resolved.ts'
import { listedServerFingerprint } from './listed-server-fingerprint.ts'
import { listedSource } from './listed-source.ts'
import { listedUrl } from './listed-url.ts'
import { longConnection } from './long-connection.ts'
import { nonHttpPort80 } from './non-http-port-80.ts'
import { nonTlsPort443 } from './non-tls-port-443.ts'
import { portZero } from './port-zero.ts'
import { privateDnsAnswer } from './private-dns-answer.ts'
import { reconnections } from './reconnections.ts'
import { slowUpload } from './slow-upload.ts'
import { smtpBruteForce } from './smtp-brute-force.ts'
import { sshBruteForce } from './ssh-brute-force.ts'
import { sshSuccess } from './ssh-success.ts'
import { suspiciousUserAgent } from './suspicious-user-agent.ts'
import { torExitNode } from './tor-exit-node.ts'
import { unknownPort } from './unknown-port.ts'
import { unsolicitedArp } from './unsolicited-arp.ts'
import { verticalPortScan } from './vertical-port-scan.ts'

/** Every detector Weir ships, by id. */
export const detectors: readonly Detector[] = [
  arpScan,
  badSmtpLogin,
  connectionWithoutDns,
  dataUpload,
  dgaNxdomain,
  dhcpScan,
  dnsTxtEntropy,
  executableDownload,
  greTunnel,
  horizontalPortScan,
  listedCertificate,
  listedClientFingerprint,
  listedDestination,
  listedDnsAnswer,
  listedDomain,
  listedFile,
  listedNameResolved,
  listedServerFingerprint,
  listedSource,
  listedUrl,
  longConnection,
  nonHttpPort80,
  nonTlsPort443,
  portZero,
  privateDnsAnswer,
  reconnections,
  slowUpload,
  smtpBruteForce,
  sshBruteForce,
  sshSuccess,
  suspiciousUserAgent,
  torExitNode,
  unknownPort,
  unsolicitedArp,
  verticalPortScan,
]
