import { createHash } from 'node:crypto'
import { noJarm } from '@weir/processors'
import { offeredSuites } from './probes.ts'
import type { ServerHello } from './server-hello.ts'

/** Suites as JARM numbers them, from 1: by code, those of TLS 1.3 last. */
const numbered = [...offeredSuites].sort((a, b) => codeOrder(a) - codeOrder(b))

function codeOrder(suite: number): number {
  return suite >> 8 === 0x13 ? suite + 0x10000 : suite
}

/**
 * The fingerprint of a server's answers to the ten probes, in their order; `null`: none, and `noJarm` where there is none at all. For each answer two hexadecimal digits for the suite and a
 * letter for the version (a is SSL 3, d is TLS 1.2), then the first 32 digits of the SHA-256 of all protocols and extension types.
 */
export function jarmHash(answers: readonly (ServerHello | null)[]): string {
  if (answers.every((answer) => answer === null)) return noJarm
  const choices = answers.map((answer) =>
    answer === null ? '000' : `${suiteDigits(answer.suite)}${versionLetter(answer.version)}`,
  )
  const rest = answers.map((answer) =>
    answer === null ? '' : `${answer.protocol}${answer.extensions.map(typeDigits).join('-')}`,
  )
  return choices.join('') + createHash('sha256').update(rest.join('')).digest('hex').slice(0, 32)
}

/** A suite that was never offered is numbered after all others. */
function suiteDigits(suite: number): string {
  const at = numbered.indexOf(suite)
  return ((at < 0 ? numbered.length : at) + 1).toString(16).padStart(2, '0')
}

function versionLetter(version: number): string {
  return 'abcdef'.charAt(version & 0x0f) || '0'
}

const typeDigits = (type: number): string => type.toString(16).padStart(4, '0')
