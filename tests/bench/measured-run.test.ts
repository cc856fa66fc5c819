import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { hasGnuTime, measuredRun, middle, readTimes } from './measured-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'weir-measured-'))
after(() => rmSync(folder, { recursive: true }))

const scratch = join(folder, 'time')
const busy = [process.execPath, '-e', 'let a = 0; for (let i = 0; i < 1e8; i++) a += i; console.log(a)']

test('a run costs what its child did, not what this process did', (context) => {
  if (!hasGnuTime()) return context.skip('/usr/bin/time is not GNU time')
  const { cost, stdout } = measuredRun(busy, true, scratch, () => ({ cpuSeconds: -1, peakMemoryBytes: -1 }))
  assert.match(stdout, /^\d/)
  assert.ok(cost.cpuSeconds > 0.02)
  assert.ok(cost.peakMemoryBytes > 20e6)
})

test('without the accounting of the operating system a run costs what it says itself', () => {
  const { cost } = measuredRun(busy, false, scratch, (stdout) => ({
    cpuSeconds: stdout.length,
    peakMemoryBytes: 7,
  }))
  assert.ok(cost.cpuSeconds > 5)
  assert.equal(cost.peakMemoryBytes, 7)
})

test('a command that fails is told with what it wrote', () => {
  const failing = [process.execPath, '-e', "console.error('no disk'); process.exit(3)"]
  assert.throws(
    () => measuredRun(failing, false, scratch, () => ({ cpuSeconds: 0, peakMemoryBytes: 0 })),
    /status 3\nno disk/,
  )
})

test('times are read off the last line', () => {
  assert.deepEqual(readTimes('some remark\n1.50 0.25 2048 3.00\n'), {
    cpuSeconds: 1.75,
    peakMemoryBytes: 2048 * 1024,
    wallSeconds: 3,
  })
  assert.throws(() => readTimes('remark'), /unknown/)
})

test('of several runs the middle one counts, of two the cheaper', () => {
  const of = (cpuSeconds: number) => ({ cpuSeconds, wallSeconds: 0, peakMemoryBytes: 0 })
  assert.equal(middle([of(3), of(1), of(2)]).cpuSeconds, 2)
  assert.equal(middle([of(3), of(1)]).cpuSeconds, 1)
  assert.throws(() => middle([]), /nothing/)
})
