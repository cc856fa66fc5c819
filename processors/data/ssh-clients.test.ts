import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientBonus } from './ssh-clients.ts'

test('libraries weigh more than clients that people use, and the unknown nothing', () => {
  assert.equal(clientBonus('SSH-2.0-libssh2_1.10.0'), 0.07)
  assert.equal(clientBonus('SSH-2.0-PUTTY_Release_0.81'), 0.02)
  assert.equal(clientBonus('SSH-2.0-Something'), 0)
  assert.equal(clientBonus(''), 0)
})
