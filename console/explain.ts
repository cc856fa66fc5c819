import { WeirError } from '@weir/topology/kit'
import { CommanderError } from 'commander'
import { printable } from './report/printable.ts'

/** What to tell the user of an error, with a line break at its end; `''` when it has been told already. */
export function explain(error: unknown, withTrace: boolean): string {
  if (error instanceof CommanderError) return ''
  const trace = withTrace && error instanceof Error && error.stack !== undefined ? `${error.stack}\n` : ''
  if (error instanceof WeirError) {
    const { message, fix } = error
    return `weir: ${printable(sentence(`${message}${inner(error)}`))} ${printable(sentence(upperFirst(fix)))}\n${trace}`
  }
  const what = error instanceof Error ? error.message || error.name : String(error)
  const how = withTrace
    ? ''
    : ' Run it again with WEIR_TRACE=1 in the environment to see where, and report it.'
  return `weir: something failed that should not: ${printable(sentence(firstLine(what)))}${how}\n${trace}`
}

/** Why a part of the runtime failed is said by its cause; an error with a reason of its own has said it. */
function inner({ message, fields, cause }: WeirError): string {
  if (!(cause instanceof Error) || 'why' in fields || 'syscall' in cause) return ''
  const why = firstLine(cause.message)
  return message.includes(why) ? '' : `: ${why}`
}

/** The command line library's own complaint, as one line that says where to look. */
export function usageError(text: string, command: string): string {
  const what = text.replace(/^error: /, '').trim()
  // A suggestion stands on a line of its own.
  const said = sentence(printable(what.replaceAll(/\s*\n\s*/g, ' ')))
  return `weir: ${said} See 'weir ${command === '' ? '' : `${command} `}--help'.\n`
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text
const sentence = (text: string): string => (/[.?!)]$/.test(text) ? text.replace(/\)$/, ').') : `${text}.`)
const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)
