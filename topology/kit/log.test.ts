import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLog } from './log.ts'

function logged(): { lines: Record<string, unknown>[]; write(line: string): void } {
  const lines: Record<string, unknown>[] = []
  return { lines, write: (line) => void lines.push(JSON.parse(line)) }
}

test('a line is an event with its fields', () => {
  const out = logged()
  const log = openLog('weir-test', 'info', out).with({ task: '0_1' })
  log.info('task-started', { partitions: 3 })
  log.debug('not-shown')
  const [line] = out.lines
  assert.equal(out.lines.length, 1)
  assert.equal(line?.event, 'task-started')
  assert.equal(line?.level, 'info')
  assert.equal(line?.task, '0_1')
  assert.equal(line?.partitions, 3)
})

test('an error keeps its message and stack', () => {
  const out = logged()
  openLog('weir-test', 'info', out).error('task-failed', { error: new Error('no disk') })
  assert.match(JSON.stringify(out.lines[0]?.error), /no disk.*stack/)
})

test('whatever is logged, one entry is one line of JSON with time, level and event', () => {
  const written: string[] = []
  const log = openLog('weir-test', 'debug', { write: (text) => void written.push(text) })
  const ring: { self?: unknown } = {}
  ring.self = ring
  log.error('failed\nbadly', { error: new Error('a\nb\u2028c', { cause: new Error('d\re') }) })
  log.warn('odd', { ring, text: '"\n}', big: 2n ** 70n, none: undefined, late: Number.NaN })
  log.info('plain')
  const lines = written.join('').split('\n')
  assert.equal(lines.pop(), '', 'the last line ends')
  assert.equal(lines.length, 3)
  for (const line of lines) {
    const entry: Record<string, unknown> = JSON.parse(line)
    assert.ok(['error', 'warn', 'info'].includes(String(entry.level)), line)
    assert.ok(entry.event !== undefined && entry.time !== undefined, line)
  }
})
