/** Names that HTTP clients give themselves and ordinary software does not. */

/** Of malware and exploits (spec detections.md appendix A.4 a). */
export const malwareAgents: readonly string[] = ['httpsend', 'chm_msdn', 'pb', 'jndi', 'tesseract']

/** Of tools that probe and break into web servers, by their own documentation. */
export const attackTools: readonly string[] = [
  'sqlmap',
  'nikto',
  'nmap scripting engine',
  'masscan',
  'zgrab',
  'nuclei',
  'gobuster',
  'dirbuster',
  'feroxbuster',
  'wpscan',
  'havij',
  'acunetix',
  'fuzz faster u fool',
  'hydra',
  'commix',
]
