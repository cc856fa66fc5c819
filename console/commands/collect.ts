/** Of an option that may be given several times, each value in the order given. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]
