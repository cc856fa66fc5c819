import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineErrors } from './errors.ts'
import { openLog } from './log.ts'

function logged(): { lines: Record<string, unknown>[]; write(line: string): void } {
  const lines: Record<string, unknown>[] = []
  return { lines, write: (line) => void lines.push(JSON.parse(line)) }
}

test('a line is an event with its fields', () => {
  const out = logged()
  const log = openLog('weir-test', 'info', { destination: out }).with({ task: '0_1' })
  log.info('task-started', { partitions: 3 })
  log.debug('not-shown')
  const [line] = out.lines
  assert.equal(out.lines.length, 1)
  assert.equal(line?.event, 'task-started')
  assert.equal(line?.level, 'info')
  assert.equal(line?.task, '0_1')
  assert.equal(line?.partitions, 3)
})

test('an error that was foreseen is told by its code, its words and their reasons, each once, and without a stack', () => {
  const lost = defineErrors('TEST', { LOST: { says: '{what} is lost', fix: 'Look for it.' } })
  const refused = Object.assign(new Error('no room'), { code: 'ENOSPC' })
  const error = lost.LOST({ what: 'it' }, new Error('it is lost', { cause: refused }))
  const out = logged()
  openLog('weir-test', 'info', { destination: out }).error('failed', { error })
  const told = { type: 'WeirError', code: 'TEST_LOST', message: 'it is lost', fix: 'Look for it.' }
  assert.deepEqual(out.lines[0]?.error, { ...told, because: ['no room'] })
  openLog('weir-test', 'info', { destination: out, withTrace: true }).error('failed', { error })
  assert.match(JSON.stringify(out.lines[1]?.error), /"stack":"WeirError: it is lost/)
})

test('an error nobody has foreseen keeps its message and stack', () => {
  const out = logged()
  openLog('weir-test', 'info', { destination: out }).error('task-failed', { error: new Error('no disk') })
  assert.match(JSON.stringify(out.lines[0]?.error), /no disk.*stack/)
})

test('whatever is logged, one entry is one line of JSON with time, level and event', () => {
  const written: string[] = []
  const log = openLog('weir-test', 'debug', { destination: { write: (text) => void written.push(text) } })
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
