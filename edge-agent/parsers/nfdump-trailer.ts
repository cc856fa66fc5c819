const beginnings = [
  'Summary',
  'Time window:',
  'Total flows processed:',
  'Sys:',
  'No matching flow',
  'Empty file',
]

/** Whether a line is of those that nfdump prints after the flows, in any of its formats. */
export function isNfdumpTrailer(line: string): boolean {
  return beginnings.some((beginning) => line.startsWith(beginning))
}
