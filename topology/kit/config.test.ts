import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytes, defineConfig, list, number, text } from './config.ts'

const config = defineConfig({
  BROKERS: text('Where Kafka is.'),
  LOGS: text('Where logs are.', '/var/log'),
  SPOOL: bytes('Disk kept.', 1024),
  WORKERS: number('How many.', 2, { min: 1, max: 8 }),
  TOPICS: list('Which.', []),
})

test('settings that are given are read and the others have their defaults', () => {
  const values = config.read({ BROKERS: 'a:1', SPOOL: '1.5 GiB', TOPICS: ' a, b,,' })
  assert.deepEqual(values, {
    BROKERS: 'a:1',
    LOGS: '/var/log',
    SPOOL: 1.5 * 1024 ** 3,
    WORKERS: 2,
    TOPICS: ['a', 'b'],
  })
})

test('every bad setting is named in one error', () => {
  assert.throws(
    () => config.read({ BROKERS: '', SPOOL: 'much', WORKERS: '9' }),
    (error: Error) =>
      /BROKERS/.test(error.message) && /SPOOL/.test(error.message) && /WORKERS/.test(error.message),
  )
})

test('numbers of bytes are powers of 1024 and nothing else is taken for one', () => {
  const read = (given: string) => config.read({ BROKERS: 'a', SPOOL: given }).SPOOL
  assert.equal(read('512'), 512)
  assert.equal(read('64k'), 65_536)
  assert.equal(read('10MB'), 10 * 1024 ** 2)
  for (const bad of ['-1', '1e3', 'k', '1kk', '1 2'])
    assert.throws(() => read(bad), { code: 'CONFIG_BAD_SETTINGS' })
})
