/** How mail servers refuse a login (RFC 4954 section 6). */
const refusals: readonly string[] = ['535', '534', '530', '454']

/** Refusals with the same codes that are not about who logs in: encryption is missing, or the mail is for elsewhere. */
const notAboutLogins: readonly string[] = ['starttls', 'tls not', 'tls is not', 'tls currently', 'relay']

/** Refusals whose codes say something else, by their wording. */
export const refusalTexts: readonly string[] = [
  'bad smtp-auth user',
  'authentication failed',
  'authentication unsuccessful',
]

/** Whether the last reply of an SMTP session refuses a login. `texts` are in lower case. */
export function refusesLogin(reply: string, texts: readonly string[]): boolean {
  // 2xx and 3xx are agreement: nearly every session ends here.
  const first = reply.charCodeAt(0)
  if (first !== FOUR && first !== FIVE) return false
  const lower = reply.slice(0, 512).toLowerCase()
  if (texts.some((text) => lower.includes(text))) return true
  if (!refusals.includes(lower.slice(0, 3)) || isDigit(lower.charCodeAt(3))) return false
  return !notAboutLogins.some((text) => lower.includes(text))
}

const FOUR = 52
const FIVE = 53

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}
