/** Something that must withstand any input. */
export type Target = {
  readonly name: string
  /** Valid inputs, to be damaged. */
  readonly seeds: readonly Buffer[]
  /** Throws when a promise is broken. What it does depends on the input alone, so that an input is all a failure needs. */
  check(input: Buffer): Promise<void> | void
}

/** Bytes of the input that decide something beside it: the last ones, for seeds are looked at from the front. */
export function choice(input: Buffer, below: number): number {
  let sum = input.length
  for (const byte of input.subarray(-8)) sum = (sum * 31 + byte) >>> 0
  return sum % below
}
