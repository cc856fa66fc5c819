/** Names of findings: the reference's evidence types that this release can raise. */
export const evidenceTypes = [
  'ARP_OUTSIDE_LOCALNET',
  'ARP_SCAN',
  'BAD_SMTP_LOGIN',
  'CONNECTION_TO_MULTIPLE_PORTS',
  'CONNECTION_TO_PRIVATE_IP',
  'CONNECTION_WITHOUT_DNS',
  'DATA_UPLOAD',
  'DEVICE_CHANGING_IP',
  'DGA_NXDOMAINS',
  'DHCP_SCAN',
  'DIFFERENT_LOCALNET',
  'DNS_ARPA_SCAN',
  'DNS_WITHOUT_CONNECTION',
  'EXECUTABLE_MIME_TYPE',
  'GRE_TUNNEL',
  'HIGH_ENTROPY_DNS_ANSWER',
  'HORIZONTAL_PORT_SCAN',
  'ICMP_ADDRESS_MASK_SCAN',
  'ICMP_ADDRESS_SCAN',
  'ICMP_TIMESTAMP_SCAN',
  'INVALID_DNS_RESOLUTION',
  'LONG_CONNECTION',
  'MITM_ARP_ATTACK',
  'MULTIPLE_RECONNECTION_ATTEMPTS',
  'NON_HTTP_PORT_80_CONNECTION',
  'NON_SSL_PORT_443_CONNECTION',
  'PASSWORD_GUESSING',
  'PORT_0_CONNECTION',
  'SMTP_LOGIN_BRUTEFORCE',
  'SSH_SUCCESSFUL',
  'SUSPICIOUS_USER_AGENT',
  'UNKNOWN_PORT',
  'UNSOLICITED_ARP',
  'VERTICAL_PORT_SCAN',
] as const

export type EvidenceType = (typeof evidenceTypes)[number]

/** Other spellings that are understood where a type is named by hand: case, blanks, hyphens and what older configurations call it. */
const aliases: Readonly<Record<string, EvidenceType>> = {
  ARPSCAN: 'ARP_SCAN',
  DATAEXFILTRATION: 'DATA_UPLOAD',
  DGA: 'DGA_NXDOMAINS',
  HORIZONTALPORTSCAN: 'HORIZONTAL_PORT_SCAN',
  LONGCONNECTION: 'LONG_CONNECTION',
  NONSSLPORT443CONNECTION: 'NON_SSL_PORT_443_CONNECTION',
  NONHTTPPORT80CONNECTION: 'NON_HTTP_PORT_80_CONNECTION',
  SSHSUCCESSFUL: 'SSH_SUCCESSFUL',
  UNKNOWNPORT: 'UNKNOWN_PORT',
  VERTICALPORTSCAN: 'VERTICAL_PORT_SCAN',
}

/** The type a person means, or `null`. */
export function evidenceTypeNamed(name: string): EvidenceType | null {
  const folded = name.toUpperCase().replaceAll(/[\s_-]/g, '')
  return evidenceTypes.find((type) => type.replaceAll('_', '') === folded) ?? aliases[folded] ?? null
}
