/** An address of a feed as it may be shown: what stands behind its question mark, and before an `@`, is often a key. A path is shown as it is. */
export function shownSource(source: string): string {
  if (!/^https?:\/\//i.test(source)) return source
  const url = URL.parse(source)
  if (url === null) return source.replace(/[?#].*$/s, '?…')
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`
}
