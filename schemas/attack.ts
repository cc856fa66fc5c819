/** The version of MITRE ATT&CK, Enterprise matrix, whose names and tactics stand in `techniques`. */
export const attackVersion = '17'

/** `name` of a sub-technique includes its parent's, as the matrix prints it. */
export type Technique = { readonly name: string; readonly tactic: Tactic }

export type Tactic =
  | 'reconnaissance'
  | 'resource-development'
  | 'initial-access'
  | 'execution'
  | 'defense-evasion'
  | 'credential-access'
  | 'discovery'
  | 'lateral-movement'
  | 'command-and-control'
  | 'exfiltration'
  | 'impact'

/**
 * The ATT&CK techniques that Weir's findings name, by id. Where the matrix lists a technique under several tactics, the one
 * here is that in which its traces are seen on a network.
 */
export const techniques: ReadonlyMap<string, Technique> = new Map<string, Technique>([
  ['T1001', { name: 'Data Obfuscation', tactic: 'command-and-control' }],
  ['T1016', { name: 'System Network Configuration Discovery', tactic: 'discovery' }],
  [
    'T1016.001',
    { name: 'System Network Configuration Discovery: Internet Connection Discovery', tactic: 'discovery' },
  ],
  ['T1018', { name: 'Remote System Discovery', tactic: 'discovery' }],
  ['T1021', { name: 'Remote Services', tactic: 'lateral-movement' }],
  ['T1021.004', { name: 'Remote Services: SSH', tactic: 'lateral-movement' }],
  ['T1030', { name: 'Data Transfer Size Limits', tactic: 'exfiltration' }],
  ['T1036', { name: 'Masquerading', tactic: 'defense-evasion' }],
  ['T1040', { name: 'Network Sniffing', tactic: 'credential-access' }],
  ['T1041', { name: 'Exfiltration Over C2 Channel', tactic: 'exfiltration' }],
  ['T1046', { name: 'Network Service Discovery', tactic: 'discovery' }],
  ['T1048', { name: 'Exfiltration Over Alternative Protocol', tactic: 'exfiltration' }],
  [
    'T1048.003',
    {
      name: 'Exfiltration Over Alternative Protocol: Exfiltration Over Unencrypted Non-C2 Protocol',
      tactic: 'exfiltration',
    },
  ],
  ['T1059', { name: 'Command and Scripting Interpreter', tactic: 'execution' }],
  ['T1071', { name: 'Application Layer Protocol', tactic: 'command-and-control' }],
  ['T1071.001', { name: 'Application Layer Protocol: Web Protocols', tactic: 'command-and-control' }],
  ['T1071.004', { name: 'Application Layer Protocol: DNS', tactic: 'command-and-control' }],
  ['T1078', { name: 'Valid Accounts', tactic: 'initial-access' }],
  ['T1090', { name: 'Proxy', tactic: 'command-and-control' }],
  ['T1090.003', { name: 'Proxy: Multi-hop Proxy', tactic: 'command-and-control' }],
  ['T1095', { name: 'Non-Application Layer Protocol', tactic: 'command-and-control' }],
  ['T1105', { name: 'Ingress Tool Transfer', tactic: 'command-and-control' }],
  ['T1110', { name: 'Brute Force', tactic: 'credential-access' }],
  ['T1110.001', { name: 'Brute Force: Password Guessing', tactic: 'credential-access' }],
  ['T1110.003', { name: 'Brute Force: Password Spraying', tactic: 'credential-access' }],
  ['T1132', { name: 'Data Encoding', tactic: 'command-and-control' }],
  ['T1132.001', { name: 'Data Encoding: Standard Encoding', tactic: 'command-and-control' }],
  ['T1133', { name: 'External Remote Services', tactic: 'initial-access' }],
  ['T1190', { name: 'Exploit Public-Facing Application', tactic: 'initial-access' }],
  ['T1195', { name: 'Supply Chain Compromise', tactic: 'initial-access' }],
  ['T1200', { name: 'Hardware Additions', tactic: 'initial-access' }],
  ['T1203', { name: 'Exploitation for Client Execution', tactic: 'execution' }],
  ['T1204.002', { name: 'User Execution: Malicious File', tactic: 'execution' }],
  ['T1498', { name: 'Network Denial of Service', tactic: 'impact' }],
  ['T1499', { name: 'Endpoint Denial of Service', tactic: 'impact' }],
  ['T1499.002', { name: 'Endpoint Denial of Service: Service Exhaustion Flood', tactic: 'impact' }],
  ['T1557', { name: 'Adversary-in-the-Middle', tactic: 'credential-access' }],
  ['T1557.002', { name: 'Adversary-in-the-Middle: ARP Cache Poisoning', tactic: 'credential-access' }],
  ['T1567', { name: 'Exfiltration Over Web Service', tactic: 'exfiltration' }],
  ['T1568', { name: 'Dynamic Resolution', tactic: 'command-and-control' }],
  ['T1568.002', { name: 'Dynamic Resolution: Domain Generation Algorithms', tactic: 'command-and-control' }],
  ['T1571', { name: 'Non-Standard Port', tactic: 'command-and-control' }],
  ['T1572', { name: 'Protocol Tunneling', tactic: 'command-and-control' }],
  ['T1573', { name: 'Encrypted Channel', tactic: 'command-and-control' }],
  ['T1583.001', { name: 'Acquire Infrastructure: Domains', tactic: 'resource-development' }],
  ['T1590', { name: 'Gather Victim Network Information', tactic: 'reconnaissance' }],
  ['T1595', { name: 'Active Scanning', tactic: 'reconnaissance' }],
  ['T1595.001', { name: 'Active Scanning: Scanning IP Blocks', tactic: 'reconnaissance' }],
])
