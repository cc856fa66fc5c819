/**
 * A DNS server on loopback that knows a few records and speaks the protocol of RFC 1035: a header of six words, one question as labels with their
 * lengths, and answers that point back at the question's name (0xc00c).
 */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

const PTR = 12
const A = 1

export class DnsServer {
  readonly #socket: Socket
  /** Names asked for, in order. */
  readonly asked: string[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
  }

  /** `records`: by name, addresses (A) or names (PTR); names that are not there do not exist. Closed with the test. */
  static async start(
    t: { after(work: () => void): void },
    records: Readonly<Record<string, readonly string[]>>,
  ): Promise<DnsServer> {
    const server = new DnsServer(createSocket('udp4'))
    server.#socket.on('message', (query, from) => {
      server.#socket.send(server.#reply(query, records), from.port, from.address)
    })
    server.#socket.bind(0, '127.0.0.1')
    await once(server.#socket, 'listening')
    t.after(() => server.#socket.close())
    return server
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`
  }

  #reply(query: Buffer, records: Readonly<Record<string, readonly string[]>>): Buffer {
    let at = 12
    const labels: string[] = []
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length))
      at += 1 + length
    }
    const name = labels.join('.').toLowerCase()
    const type = query.readUInt16BE(at + 1)
    this.asked.push(name)
    const found = records[name] ?? null
    const answers = (found ?? []).map((value) => record(type, value))
    const header = Buffer.alloc(12)
    query.copy(header, 0, 0, 2)
    // Answer, recursion wanted and had; code 3: there is no such name.
    header.writeUInt16BE(found === null ? 0x8183 : 0x8180, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(answers.length, 6)
    return Buffer.concat([header, query.subarray(12, at + 5), ...answers])
  }
}

function record(type: number, value: string): Buffer {
  const data = type === A ? Buffer.from(value.split('.').map(Number)) : labelsOf(value)
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type === A ? A : PTR, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(60, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

function labelsOf(name: string): Buffer {
  const labels = name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)])
  return Buffer.concat([...labels, Buffer.from([0])])
}
