/** What SSH clients call themselves (spec detections.md appendix A.4 c). */

/** Libraries and tools that log in without a person. */
const automation: readonly string[] = [
  'libssh',
  'paramiko',
  'hydra',
  'medusa',
  'ncrack',
  'net::ssh',
  'net-ssh',
  'asyncssh',
  'jsch',
  'sshj',
  'ssh-2.0-go',
  'nmap',
  'patator',
  'russh',
]

/** Clients that people use, and scripts as well. */
const ordinary: readonly string[] = ['openssh', 'putty', 'dropbear', 'winscp']

/** How much the client's name adds to the belief that passwords are being guessed (section BF-01). */
export function clientBonus(banner: string): number {
  if (banner === '') return 0
  const lower = banner.toLowerCase()
  if (automation.some((token) => lower.includes(token))) return 0.07
  return ordinary.some((token) => lower.includes(token)) ? 0.02 : 0
}
