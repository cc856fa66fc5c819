/** Texts as small numbers: each is kept once, however many speak of it, and for as long as somebody does. */
export class TextPool {
  readonly #texts: string[] = []
  /** How often each was kept and not released. */
  readonly #uses: number[] = []
  readonly #numbers = new Map<string, number>()
  readonly #free: number[] = []

  /** Texts that are kept. */
  get size(): number {
    return this.#numbers.size
  }

  /** The text's number, from 0; the same for equal texts. To be released as often as it was kept. */
  keep(text: string): number {
    const known = this.#numbers.get(text)
    if (known !== undefined) {
      this.#uses[known] = (this.#uses[known] ?? 0) + 1
      return known
    }
    const number = this.#free.pop() ?? this.#texts.length
    this.#texts[number] = text
    this.#uses[number] = 1
    this.#numbers.set(text, number)
    return number
  }

  /** The number may then mean another text. */
  release(number: number): void {
    const left = (this.#uses[number] ?? 0) - 1
    this.#uses[number] = left
    if (left > 0) return
    this.#numbers.delete(this.text(number))
    this.#texts[number] = ''
    this.#free.push(number)
  }

  /** -1 when it is not kept. */
  find(text: string): number {
    return this.#numbers.get(text) ?? -1
  }

  text(number: number): string {
    return this.#texts[number] ?? ''
  }
}
