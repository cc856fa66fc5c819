/** What is known of an IPv4 host, asked by the address that a translator gave it (`profile/translated-address.ts`). */
import type { Indicators, Verdict } from '../intel/indicators.ts'
import { untranslated } from '../profile/translated-address.ts'
import type { Whereabouts } from './whereabouts.ts'

/** Live: says what `indicators` say at the time. */
export class TranslatedIndicators implements Indicators {
  readonly #indicators: Indicators

  constructor(indicators: Indicators) {
    this.#indicators = indicators
  }

  get isEmpty(): boolean {
    return this.#indicators.isEmpty
  }

  get mayGrow(): boolean {
    return this.#indicators.mayGrow
  }

  get changes(): number {
    return this.#indicators.changes
  }

  lists(kind: Parameters<Indicators['lists']>[0]): boolean {
    return this.#indicators.lists(kind)
  }

  address(ip: string, tsMs: number): Verdict | null {
    return this.#indicators.address(untranslated(ip), tsMs)
  }

  domain(name: string, tsMs: number): Verdict | null {
    return this.#indicators.domain(name, tsMs)
  }

  exact(...asked: Parameters<Indicators['exact']>): Verdict | null {
    return this.#indicators.exact(...asked)
  }

  isKnownGood(...asked: Parameters<Indicators['isKnownGood']>): boolean {
    return this.#indicators.isKnownGood(...asked)
  }
}

export function translatedWhereabouts(whereabouts: Whereabouts): Whereabouts {
  return { placeOf: (ip) => whereabouts.placeOf(untranslated(ip)) }
}
