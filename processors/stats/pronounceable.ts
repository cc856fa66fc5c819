/** Longer runs without a vowel are rare in the languages that domains are named in; digits count as such. A judgement. */
const MAX_RUN = 4
/** Shorter labels are abbreviations as often as not, and say nothing. */
const MIN_LENGTH = 7

/**
 * Whether a domain label could be a word or several: no long run of consonants and digits. Generated names of random letters
 * fail it more often than not; generated names of words pass.
 */
export function looksPronounceable(label: string): boolean {
  if (label.length < MIN_LENGTH) return true
  let run = 0
  for (let i = 0; i < label.length; i += 1) {
    const code = label.charCodeAt(i)
    if (isConsonantOrDigit(code)) {
      run += 1
      if (run > MAX_RUN) return false
    } else {
      run = 0
    }
  }
  return true
}

function isConsonantOrDigit(code: number): boolean {
  if (code >= 48 && code <= 57) return true
  if (code < 97 || code > 122) return false
  return !(code === 97 || code === 101 || code === 105 || code === 111 || code === 117 || code === 121)
}
