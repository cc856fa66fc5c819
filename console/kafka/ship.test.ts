import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { memoryTransport } from '@weir/topology/transport'
import { readSettings } from '../analyze/settings.ts'
import { scanLog } from '../testing/weir-run.ts'
import { ship } from './ship.ts'

const settings = readSettings({ out: 'out' })

describe('weir ship', () => {
  test('that is interrupted while it waits for standard input says what it leaves behind', async () => {
    const interruption = new AbortController()
    const failing = async function* () {
      yield Buffer.from(scanLog(500))
      interruption.abort()
      throw new Error('Premature close')
    }
    const run = { stdin: failing(), interruption: interruption.signal, final: 'site/tap' }
    await assert.rejects(ship(['-'], settings, memoryTransport(), run), {
      code: 'CONSOLE_SHIP_INTERRUPTED',
      message: /interrupted after \d+ records; site\/tap has begun and not ended, and is waited for/,
    })
  })

  test('whose standard input fails says why', async () => {
    const failing = async function* () {
      yield Buffer.from(scanLog(500))
      throw new Error('the pipe is gone')
    }
    const run = { stdin: failing(), interruption: new AbortController().signal, final: null }
    await assert.rejects(ship(['-'], settings, memoryTransport(), run), /the pipe is gone/)
  })
})
