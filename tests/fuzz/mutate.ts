import type { Random } from './random.ts'

/** Inputs are cut at this size: many small ones find more than a few big ones. */
const mostBytes = 512 * 1024

type Mutation = (input: Buffer, random: Random, seeds: readonly Buffer[]) => Buffer

/** One of the seeds after one to eight damages. */
export function mutate(seeds: readonly Buffer[], random: Random): Buffer {
  let input: Buffer = Buffer.from(random.pick(seeds))
  for (let left = 1 + random.below(8); left > 0; left--) input = random.pick(mutations)(input, random, seeds)
  return input.subarray(0, mostBytes)
}

const mutations: readonly Mutation[] = [
  function flipBit(input, random) {
    if (input.length > 0) {
      const at = random.below(input.length)
      input[at] = (input[at] ?? 0) ^ (1 << random.below(8))
    }
    return input
  },
  function setByte(input, random) {
    if (input.length > 0) input[random.below(input.length)] = random.below(256)
    return input
  },
  function truncate(input, random) {
    return input.subarray(0, random.below(input.length + 1))
  },
  function cutOut(input, random) {
    const [from, to] = range(input, random)
    return Buffer.concat([input.subarray(0, from), input.subarray(to)])
  },
  function repeat(input, random) {
    const [from, to] = range(input, random)
    const times = Math.min(1 + random.below(20), Math.floor(mostBytes / Math.max(1, to - from)))
    const piece = input.subarray(from, to)
    const repeated = Array.from({ length: times }, () => piece)
    return Buffer.concat([input.subarray(0, to), ...repeated, input.subarray(to)])
  },
  function splice(input, random, seeds) {
    const other = random.pick(seeds)
    const [from, to] = range(other, random)
    return insert(input, random, other.subarray(from, to))
  },
  function swapLines(input, random) {
    const lines = input.toString('latin1').split('\n')
    const [a, b] = [random.below(lines.length), random.below(lines.length)]
    const line = lines[a] ?? ''
    lines[a] = lines[b] ?? ''
    lines[b] = line
    return Buffer.from(lines.join('\n'), 'latin1')
  },
  function insertNasty(input, random) {
    return insert(input, random, Buffer.from(random.pick(nasties), 'latin1'))
  },
  function replaceField(input, random) {
    // From one separator to the next, so that the rest of the line stays well-formed.
    const text = input.toString('latin1')
    const from = random.below(text.length + 1)
    const separators = /[\t,:\n]/g
    separators.lastIndex = from
    const start = separators.exec(text)
    if (start === null) return input
    const end = separators.exec(text)
    const changed =
      text.slice(0, start.index + 1) + random.pick(nasties) + text.slice(end?.index ?? text.length)
    return Buffer.from(changed, 'latin1')
  },
  function insertLong(input, random) {
    const length = 1 << (8 + random.below(10))
    return insert(
      input,
      random,
      Buffer.alloc(length, random.pick(['A', '0', '9', '\t', ',', ' ', '\\', '"', '\\x'])),
    )
  },
  function insertNested(input, random) {
    const depth = 1 << (4 + random.below(12))
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['{"dns":', '}'],
      ['[{"answers":', '}]'],
    ])
    const closed = random.below(2) === 0 ? '' : (close ?? '').repeat(depth)
    return insert(input, random, Buffer.from((open ?? '').repeat(depth) + closed))
  },
]

const nasties = [
  '\0',
  '\0\0\0\0',
  '\n',
  '\r\n',
  '\r',
  '\t\t',
  ',',
  '"',
  '\\',
  '\\x',
  '\\xzz',
  '\\u0000',
  '\\ud800',
  '\xff\xfe',
  '\xed\xa0\x80',
  '\xef\xbb\xbf',
  '\xf4\x90\x80\x80',
  '-',
  '(empty)',
  '',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '1e-400',
  '-0',
  '-1',
  '4294967296',
  '9007199254740993',
  '99999999999999999999999999999999999999',
  '0.000000000000000000000000000001',
  '1e15',
  '0x10',
  '1969-12-31T23:59:59Z',
  '9999-12-31 23:59:59.999999',
  '2016-12-31T23:59:60.5+14:00',
  'null',
  'true',
  '{}',
  '[]',
  '[null]',
  '"__proto__":{"polluted":1},',
  '"__proto__":null,',
  '"constructor":{"prototype":{"polluted":1}},',
  '"toString":1,',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  '::ffff:1.2.3.4',
  'fe80::1%eth0',
  '256.256.256.256',
  '1.2.3.4:99999',
  '#fields\tts\tuid\tts\n',
  '#fields\t\n',
  '#fields\t__proto__\tconstructor\n',
  '#types\ttime\tset[string]\n',
  '#separator \\x00\n',
  '#separator \\x0a\n',
  '#separator \\x2d\\x2d\n',
  '#set_separator\t\n',
  '#empty_field\t-\n',
  '#unset_field\t\n',
  '#path\t__proto__\n',
  '#close\n',
]

function range(input: Buffer, random: Random): [number, number] {
  const from = random.below(input.length + 1)
  // Mostly short pieces, sometimes all there is.
  const longest = Math.min(input.length - from, 1 << random.below(18))
  return [from, from + random.below(longest + 1)]
}

function insert(input: Buffer, random: Random, piece: Buffer): Buffer {
  const at = random.below(input.length + 1)
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at)])
}
