/** Where an address is and who announces it, as a database of addresses says: the border to whatever reads such a database. */

export type Place = {
  /** ISO 3166-1 code of two capital letters; `''` unknown. */
  readonly country: string
  /** Number of the autonomous system; 0 unknown. */
  readonly asn: number
  /** Who the database says has that number; `''` unknown. */
  readonly asName: string
}

export type Whereabouts = {
  /** Synchronous, microseconds; the same address has the same answer as long as the program runs. `null`: nothing is known. */
  placeOf(ip: string): Place | null
}

/** Without a database. */
export const noWhereabouts: Whereabouts = { placeOf: () => null }
