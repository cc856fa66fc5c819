import { arpOutsideNetwork } from './arp-outside-network.ts'
import { arpScan } from './arp-scan.ts'
import { arpSpoofing } from './arp-spoofing.ts'
import { badSmtpLogin } from './bad-smtp-login.ts'
import { beacon } from './beacon.ts'
import { certificateNameMismatch } from './certificate-name-mismatch.ts'
import { certificateOfOrganisation } from './certificate-of-organisation.ts'
import { connectionStillOpen } from './connection-still-open.ts'
import { connectionWithoutDns } from './connection-without-dns.ts'
import { contactListedLater } from './contact-listed-later.ts'
import { dataUpload } from './data-upload.ts'
import type { Detector } from './detector.ts'
import { deviceChangesAddress } from './device-changes-address.ts'
import { dgaNxdomain } from './dga-nxdomain.ts'
import { dhcpScan } from './dhcp-scan.ts'
import { dnsOverHttps } from './dns-over-https.ts'
import { dnsReverseScan } from './dns-reverse-scan.ts'
import { dnsRush } from './dns-rush.ts'
import { dnsToOtherNetwork } from './dns-to-other-network.ts'
import { dnsTunnel } from './dns-tunnel.ts'
import { dnsTxtEntropy } from './dns-txt-entropy.ts'
import { emptyConnections } from './empty-connections.ts'
import { executableDownload } from './executable-download.ts'
import { greScan } from './gre-scan.ts'
import { greTunnel } from './gre-tunnel.ts'
import { horizontalPortScan } from './horizontal-port-scan.ts'
import { icmpSweep } from './icmp-sweep.ts'
import { incompatibleUserAgent } from './incompatible-user-agent.ts'
import { listedCertificate } from './listed-certificate.ts'
import { listedClientFingerprint } from './listed-client-fingerprint.ts'
import { listedDestination } from './listed-destination.ts'
import { listedDnsAnswer } from './listed-dns-answer.ts'
import { listedDomain } from './listed-domain.ts'
import { listedFile } from './listed-file.ts'
import { listedJarm } from './listed-jarm.ts'
import { listedNameResolved } from './listed-name-resolved.ts'
import { listedNetwork } from './listed-network.ts'
import { listedServerFingerprint } from './listed-server-fingerprint.ts'
import { listedSource } from './listed-source.ts'
import { listedUrl } from './listed-url.ts'
import { longConnection } from './long-connection.ts'
import { longContact } from './long-contact.ts'
import { multipleUserAgents } from './multiple-user-agents.ts'
import { nonHttpPort80 } from './non-http-port-80.ts'
import { nonTlsPort443 } from './non-tls-port-443.ts'
import { otherLocalNetwork } from './other-local-network.ts'
import { pastebinHttpDownload } from './pastebin-http-download.ts'
import { pastebinTlsDownload } from './pastebin-tls-download.ts'
import { plainHttp } from './plain-http.ts'
import { portZero } from './port-zero.ts'
import { privateConnection } from './private-connection.ts'
import { privateDnsAnswer } from './private-dns-answer.ts'
import { reconnections } from './reconnections.ts'
import { remoteLogin } from './remote-login.ts'
import { reportedAddressScan } from './reported-address-scan.ts'
import { reportedGuessing } from './reported-guessing.ts'
import { reportedPortScan } from './reported-port-scan.ts'
import { selfSignedCertificate } from './self-signed-certificate.ts'
import { sensorNotice } from './sensor-notice.ts'
import { sensorSignature } from './sensor-signature.ts'
import { sharedGuessing } from './shared-guessing.ts'
import { slowPortScan } from './slow-port-scan.ts'
import { slowUpload } from './slow-upload.ts'
import { smtpBruteForce } from './smtp-brute-force.ts'
import { sshBruteForce } from './ssh-brute-force.ts'
import { sshSuccess } from './ssh-success.ts'
import { sshVersionChange } from './ssh-version-change.ts'
import { strobe } from './strobe.ts'
import { suspiciousUserAgent } from './suspicious-user-agent.ts'
import { telnetReconnections } from './telnet-reconnections.ts'
import { torExitNode } from './tor-exit-node.ts'
import { unknownPort } from './unknown-port.ts'
import { unknownPortsOfAHost } from './unknown-ports-of-a-host.ts'
import { unsolicitedArp } from './unsolicited-arp.ts'
import { unusedDnsAnswer } from './unused-dns-answer.ts'
import { verticalPortScan } from './vertical-port-scan.ts'
import { weirdHttpMethod } from './weird-http-method.ts'
import { youngDomain } from './young-domain.ts'

/** Every detector Weir ships, by id. */
export const detectors: readonly Detector[] = [
  arpOutsideNetwork,
  arpScan,
  arpSpoofing,
  badSmtpLogin,
  beacon,
  certificateNameMismatch,
  certificateOfOrganisation,
  connectionStillOpen,
  connectionWithoutDns,
  contactListedLater,
  dataUpload,
  deviceChangesAddress,
  dgaNxdomain,
  dhcpScan,
  dnsOverHttps,
  dnsReverseScan,
  dnsRush,
  dnsToOtherNetwork,
  dnsTunnel,
  dnsTxtEntropy,
  emptyConnections,
  executableDownload,
  greScan,
  greTunnel,
  horizontalPortScan,
  icmpSweep,
  incompatibleUserAgent,
  listedCertificate,
  listedClientFingerprint,
  listedDestination,
  listedDnsAnswer,
  listedDomain,
  listedFile,
  listedJarm,
  listedNameResolved,
  listedNetwork,
  listedServerFingerprint,
  listedSource,
  listedUrl,
  longConnection,
  longContact,
  multipleUserAgents,
  nonHttpPort80,
  nonTlsPort443,
  otherLocalNetwork,
  pastebinHttpDownload,
  pastebinTlsDownload,
  plainHttp,
  portZero,
  privateConnection,
  privateDnsAnswer,
  reconnections,
  remoteLogin,
  reportedAddressScan,
  reportedGuessing,
  reportedPortScan,
  selfSignedCertificate,
  sensorNotice,
  sensorSignature,
  sharedGuessing,
  slowPortScan,
  slowUpload,
  smtpBruteForce,
  sshBruteForce,
  sshSuccess,
  sshVersionChange,
  strobe,
  suspiciousUserAgent,
  telnetReconnections,
  torExitNode,
  unknownPort,
  unknownPortsOfAHost,
  unsolicitedArp,
  unusedDnsAnswer,
  verticalPortScan,
  weirdHttpMethod,
  youngDomain,
]
