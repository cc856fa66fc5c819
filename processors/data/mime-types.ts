/** What of a downloaded file can be run, by the type its sensor gives it. */
export type ExecutableKind = 'program' | 'installer' | 'script' | 'unknown'

/** Media types of Zeek's and libmagic's signatures, and those of spec detections.md appendix A.4 b. */
const types = new Map<string, ExecutableKind>()
for (const type of [
  'application/x-msdownload',
  'application/x-ms-dos-executable',
  'application/x-ms-exe',
  'application/x-exe',
  'application/x-winexe',
  'application/x-winhlp',
  'application/x-winhelp',
  'application/x-dosexec',
  'application/vnd.microsoft.portable-executable',
  'application/x-executable',
  'application/x-elf',
  'application/x-sharedlib',
  'application/x-pie-executable',
  'application/x-object',
  'application/x-mach-o-executable',
  'application/x-mach-binary',
  'application/x-java-applet',
  'application/java-vm',
]) {
  types.set(type, 'program')
}
for (const type of [
  'application/x-msi',
  'application/x-ms-installer',
  'application/java-archive',
  'application/x-java-archive',
  'application/vnd.android.package-archive',
  'application/x-apple-diskimage',
]) {
  types.set(type, 'installer')
}
for (const type of [
  'application/x-sh',
  'application/x-shellscript',
  'text/x-shellscript',
  'text/x-sh',
  'text/x-python',
  'text/x-script.python',
  'text/x-perl',
  'text/x-php',
  'text/x-ruby',
  'text/x-lua',
  'text/x-tcl',
  'text/x-msdos-batch',
  'application/x-bat',
  'application/x-powershell',
  'text/x-powershell',
  'text/vbscript',
  'application/hta',
]) {
  types.set(type, 'script')
}
types.set('application/octet-stream', 'unknown')

/** Sentences of libmagic, which Suricata writes in place of a media type. */
const sentences: readonly (readonly [beginning: string, kind: ExecutableKind])[] = [
  ['PE32', 'program'],
  ['MS-DOS executable', 'program'],
  ['ELF ', 'program'],
  ['Mach-O ', 'program'],
  ['compiled Java class', 'program'],
  ['Java archive data', 'installer'],
  ['Android package', 'installer'],
]

/** `null` for what is not run. Octet streams are `unknown`: most are harmless, and some hide what they are. */
export function executableKind(type: string): ExecutableKind | null {
  const kind = types.get(type)
  if (kind !== undefined) return kind
  if (!type.includes(' ')) return null
  for (const [beginning, said] of sentences) if (type.startsWith(beginning)) return said
  if (type.includes('MSI Installer')) return 'installer'
  return type.includes(' script') && type.includes('executable') ? 'script' : null
}
