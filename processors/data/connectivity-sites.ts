/**
 * Sites that malware asks to see whether it is online, since they are always there (spec detections.md appendix A.5). Without
 * `www.`, which counts as the same.
 */
export const connectivitySites: readonly string[] = [
  'bing.com',
  'google.com',
  'yandex.com',
  'yahoo.com',
  'duckduckgo.com',
  'gmail.com',
]
