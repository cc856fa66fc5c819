/** The lines of a text, one at a time: a feed of a million is never an array of a million. */
export function* textLines(text: string): Generator<string> {
  for (let from = text.startsWith('\ufeff') ? 1 : 0; from < text.length; ) {
    const end = text.indexOf('\n', from)
    const stop = end < 0 ? text.length : end
    yield text.slice(from, stop > from && text.charCodeAt(stop - 1) === 13 ? stop - 1 : stop)
    from = stop + 1
  }
}
