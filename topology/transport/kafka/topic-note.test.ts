import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeTopicNote, encodeTopicNote } from './topic-note.ts'

const topicId = '01234567-89ab-cdef-0123-456789abcdef'

test('a note comes back as it was, with the id of its topic', () => {
  for (const note of ['', '{"processed":1}', 'a b  c', topicId]) {
    assert.deepEqual(decodeTopicNote(encodeTopicNote(topicId, note)), { topicId, note })
  }
})

test('a note of somebody else is of no known topic', () => {
  for (const note of ['', '{"processed":1}', topicId, `${topicId.toUpperCase()} x`, 'x'.repeat(36)]) {
    assert.deepEqual(decodeTopicNote(note), { topicId: null, note })
  }
})
