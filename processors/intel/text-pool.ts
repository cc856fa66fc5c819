/** Texts as small numbers: each is kept once, however many speak of it. Never forgets. */
export class TextPool {
  readonly #texts: string[] = []
  readonly #numbers = new Map<string, number>()

  /** The text's number, from 0; the same for equal texts. */
  keep(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#texts.length
    this.#texts.push(text)
    this.#numbers.set(text, number)
    return number
  }

  /** -1 when it was never kept. */
  find(text: string): number {
    return this.#numbers.get(text) ?? -1
  }

  text(number: number): string {
    return this.#texts[number] ?? ''
  }
}
