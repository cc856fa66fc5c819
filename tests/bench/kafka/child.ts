/** A program that tells what it does in lines of JSON. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Told = Readonly<Record<string, unknown>>

/** Runs to the end and gives its last line; throws when it fails or says nothing. `onLine` hears every line as it comes. */
export async function runChild(
  command: readonly string[],
  onLine: (told: Told, child: ChildProcess) => void = () => {},
  env: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const [program = '', ...args] = command
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  let last: Told | null = null
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    if (!line.startsWith('{')) return
    const told: Told = JSON.parse(line)
    last = told
    onLine(told, child)
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (last === null || (status !== 0 && status !== null)) {
    throw new Error(`${command.join(' ')} ended with ${status}`)
  }
  return last
}

/** A number it told under this name; `NaN` when it told none. */
export function figure(told: Told, name: string): number {
  const value = told[name]
  return typeof value === 'number' ? value : Number.NaN
}
