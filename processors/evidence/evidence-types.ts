/** Names of findings: the reference's evidence types that this release can raise. */
export const evidenceTypes = [
  'ARP_SCAN',
  'BAD_SMTP_LOGIN',
  'CN_URL_MISMATCH',
  'CONNECTION_WITHOUT_DNS',
  'DATA_UPLOAD',
  'DGA_NXDOMAINS',
  'DHCP_SCAN',
  'DOH',
  'EMPTY_CONNECTIONS',
  'EXECUTABLE_MIME_TYPE',
  'GRE_SCAN',
  'GRE_TUNNEL',
  'HIGH_ENTROPY_DNS_ANSWER',
  'HORIZONTAL_PORT_SCAN',
  'HTTP_TRAFFIC',
  'INCOMPATIBLE_USER_AGENT',
  'INVALID_DNS_RESOLUTION',
  'LOGIN',
  'LONG_CONNECTION',
  'MULTIPLE_RECONNECTION_ATTEMPTS',
  'MULTIPLE_SSH_VERSIONS',
  'MULTIPLE_USER_AGENT',
  'NON_HTTP_PORT_80_CONNECTION',
  'NON_SSL_PORT_443_CONNECTION',
  'PASSWORD_GUESSING',
  'PASTEBIN_DOWNLOAD',
  'PORT_0_CONNECTION',
  'SENSOR_NOTICE',
  'SENSOR_SIGNATURE',
  'SMTP_LOGIN_BRUTEFORCE',
  'SSH_SUCCESSFUL',
  'SUSPICIOUS_USER_AGENT',
  'UNKNOWN_PORT',
  'UNSOLICITED_ARP',
  'VERTICAL_PORT_SCAN',
  'WEIRD_HTTP_METHOD',
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
