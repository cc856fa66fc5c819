/**
 * Sites on which anyone may leave a text for anyone to fetch, as malware's orders and programs are. Public knowledge of what these
 * services are called; the first is the one of spec detections.md sections HTTP-06 and TLS-07.
 */
export const pasteSites: readonly string[] = [
  'pastebin.com',
  'paste.ee',
  'hastebin.com',
  'ghostbin.com',
  'rentry.co',
  'dpaste.com',
  'dpaste.org',
  'controlc.com',
  'justpaste.it',
  '0bin.net',
  'privatebin.net',
  'ix.io',
  'termbin.com',
]
