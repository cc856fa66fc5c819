/**
 * Zeek's `conn_state` (spec inputs.md section 4, «Weir:», but for `OTH`: mid-stream traffic of which Zeek saw no beginning and
 * no end, so that it could not tell). A map, as a `switch` compares the text with each case in turn.
 */
const byState: ReadonlyMap<string, boolean> = new Map([
  ['SF', true],
  ['S1', true],
  ['S2', true],
  ['S3', true],
  ['RSTO', true],
  ['RSTR', true],
  ['S0', false],
  ['REJ', false],
  ['RSTOS0', false],
  ['RSTRH', false],
  ['SH', false],
  ['SHR', false],
])

/** Whether both ends took part; `null` for `OTH`, an unset state and states that Zeek has not. */
export function zeekEstablished(state: string): boolean | null {
  return byState.get(state) ?? null
}
