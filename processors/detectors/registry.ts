import { arpOutsideNetwork } from './arp-outside-network.ts'
import { arpScan } from './arp-scan.ts'
import { arpSpoofing } from './arp-spoofing.ts'
import { badSmtpLogin } from './bad-smtp-login.ts'
import { connectionWithoutDns } from './connection-without-dns.ts'
import { dataUpload } from './data-upload.ts'
import type { Detector } from './detector.ts'
import { deviceChangesAddress } from './device-changes-address.ts'
import { dgaNxdomain } from './dga-nxdomain.ts'
import { dhcpScan } from './dhcp-scan.ts'
import { dnsReverseScan } from './dns-reverse-scan.ts'
import { dnsToOtherNetwork } from './dns-to-other-network.ts'
import { dnsTxtEntropy } from './dns-txt-entropy.ts'
import { executableDownload } from './executable-download.ts'
import { greTunnel } from './gre-tunnel.ts'
import { horizontalPortScan } from './horizontal-port-scan.ts'
import { icmpSweep } from './icmp-sweep.ts'
import { longConnection } from './long-connection.ts'
import { nonHttpPort80 } from './non-http-port-80.ts'
import { nonTlsPort443 } from './non-tls-port-443.ts'
import { otherLocalNetwork } from './other-local-network.ts'
import { portZero } from './port-zero.ts'
import { privateConnection } from './private-connection.ts'
import { privateDnsAnswer } from './private-dns-answer.ts'
import { reconnections } from './reconnections.ts'
import { slowUpload } from './slow-upload.ts'
import { smtpBruteForce } from './smtp-brute-force.ts'
import { sshBruteForce } from './ssh-brute-force.ts'
import { sshSuccess } from './ssh-success.ts'
import { suspiciousUserAgent } from './suspicious-user-agent.ts'
import { telnetReconnections } from './telnet-reconnections.ts'
import { unknownPort } from './unknown-port.ts'
import { unknownPortsOfAHost } from './unknown-ports-of-a-host.ts'
import { unsolicitedArp } from './unsolicited-arp.ts'
import { unusedDnsAnswer } from './unused-dns-answer.ts'
import { verticalPortScan } from './vertical-port-scan.ts'

/** Every detector Weir ships, by id. */
export const detectors: readonly Detector[] = [
  arpOutsideNetwork,
  arpScan,
  arpSpoofing,
  badSmtpLogin,
  connectionWithoutDns,
  dataUpload,
  deviceChangesAddress,
  dgaNxdomain,
  dhcpScan,
  dnsReverseScan,
  dnsToOtherNetwork,
  dnsTxtEntropy,
  executableDownload,
  greTunnel,
  horizontalPortScan,
  icmpSweep,
  longConnection,
  nonHttpPort80,
  nonTlsPort443,
  otherLocalNetwork,
  portZero,
  privateConnection,
  privateDnsAnswer,
  reconnections,
  slowUpload,
  smtpBruteForce,
  sshBruteForce,
  sshSuccess,
  suspiciousUserAgent,
  telnetReconnections,
  unknownPort,
  unknownPortsOfAHost,
  unsolicitedArp,
  unusedDnsAnswer,
  verticalPortScan,
]
