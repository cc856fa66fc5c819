/** Connects to a server ten times and says hello each time. Whoever runs the server can see that. */
import { createHash } from 'node:crypto'
import { createConnection } from 'node:net'
import { noJarm } from '@weir/processors'
import { jarmHash } from './jarm-hash.ts'
import { clientHello, probes } from './probes.ts'
import { parseServerHello, type ServerHello } from './server-hello.ts'

export type ProbeOptions = {
  /** For each of the ten connections. */
  readonly timeoutMs: number
  readonly interruption: AbortSignal
}

export type Probed = {
  /** 62 digits; `noJarm` of a server that gave no probe an answer. */
  readonly jarm: string
  /** The address that took the connections, of those that a name may have. */
  readonly ip: string
}

/** So much of an answer is looked at, as by JARM itself: hellos are shorter. */
const LOOKED_AT = 1_484
const RECORD_HEADER = 5

/**
 * The server's JARM; `null` when it cannot be reached. One that cannot be connected to is not asked the others, and one that lets a
 * connection hang has answered none: with a part of the answers the fingerprint would be one that nobody has. All ten go to the address that
 * took the first.
 */
export async function probeServer(host: string, port: number, options: ProbeOptions): Promise<Probed | null> {
  const answers: (ServerHello | null)[] = []
  let ip: string | null = null
  for (const [i, probe] of probes.entries()) {
    const hello = clientHello(probe, host, noiseOf(`${host} ${port} ${i}`))
    const answer: Answer | null = await ask(ip ?? host, port, hello, options)
    if (answer === null) return null
    ip ??= answer.ip
    if (answer.isLate) return { jarm: noJarm, ip }
    answers.push(parseServerHello(answer.bytes))
  }
  return ip === null ? null : { jarm: jarmHash(answers), ip }
}

/** `isLate`: the time was up before a record was whole or the server had closed. */
type Answer = { readonly bytes: Buffer; readonly ip: string; readonly isLate: boolean }

/** Bytes that look random and are the same every time: nothing that is sent here protects anything. */
function noiseOf(text: string): Buffer {
  return Buffer.concat([0, 1, 2].map((i) => createHash('sha256').update(`${text} ${i}`).digest()))
}

/** The first record that comes back, or what there is of it when the time is up; `null` when nobody took the connection. */
function ask(
  host: string,
  port: number,
  hello: Buffer,
  { timeoutMs, interruption }: ProbeOptions,
): Promise<Answer | null> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let ip: string | null = null
    const socket = createConnection({ host, port })
    const end = AbortSignal.any([AbortSignal.timeout(timeoutMs), interruption])
    const finish = (isLate: boolean) => {
      end.removeEventListener('abort', late)
      socket.destroy()
      resolve(ip === null ? null : { bytes: Buffer.concat(pieces).subarray(0, LOOKED_AT), ip, isLate })
    }
    const done = () => finish(false)
    const late = () => finish(true)
    end.addEventListener('abort', late, { once: true })
    if (end.aborted) late()
    socket.on('error', done)
    socket.on('end', done)
    socket.on('close', done)
    socket.on('connect', () => {
      ip = socket.remoteAddress ?? host
      socket.write(hello)
    })
    socket.on('data', (piece) => {
      pieces.push(piece)
      const all = Buffer.concat(pieces)
      const isWhole = all.length >= RECORD_HEADER && all.length >= RECORD_HEADER + all.readUInt16BE(3)
      if (isWhole || all.length >= LOOKED_AT) done()
    })
  })
}
