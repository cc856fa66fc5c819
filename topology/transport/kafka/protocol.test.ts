import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BrokerError, code, readError } from './protocol.ts'

const failed = (errorCode: number) => new BrokerError('list offsets', [errorCode], undefined)

test('what a leader does not know yet, or a copy that is not there yet, is asked for again', () => {
  assert.equal(failed(78).isPassing, true)
  assert.equal(failed(9).isPassing, true)
})

test('an error that the broker has no name for is asked about again where the question changes nothing', () => {
  const nameless = failed(code.unknownServerError)
  assert.equal(nameless.isPassing, false)
  assert.equal(readError('list offsets', nameless).isPassing, true)
  assert.equal(readError('list offsets', failed(code.messageTooLarge)).isPassing, false)
  assert.equal(readError('list offsets', failed(code.topicNotAllowed)).isPassing, false)
})
