/**
 * 31-bit FNV-1a of a text's UTF-16 units: what a bounded set keeps in place of the text itself. Two texts may share one: only for
 * counting, where one in a thousand million does not matter.
 */
export function textHash(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 1
}
