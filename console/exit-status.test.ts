import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { CommanderError } from 'commander'
import { consoleError } from './errors.ts'
import { exitStatus } from './exit-status.ts'

const coded = (code: string) => new WeirError(code, { says: '', fix: '' }, {})

describe('the exit status', () => {
  test('is 2 for wrong usage and for input that cannot be used', () => {
    for (const code of ['EDGE_INPUT_MISSING', 'EDGE_INPUT_EMPTY', 'PROC_BAD_SETTING', 'PROC_BAD_WHITELIST'])
      assert.equal(exitStatus(coded(code)), 2, code)
    for (const error of [consoleError.BAD_OPTION(), consoleError.BAD_CONFIG(), consoleError.OTHER_STATE()])
      assert.equal(exitStatus(error), 2, error.code)
    assert.equal(exitStatus(new CommanderError(1, 'commander.unknownOption', 'x')), 2)
  })

  test('is 1 for what failed while running', () => {
    for (const code of ['EDGE_CONVERTER_FAILED', 'TOPO_TASK_FAILED', 'PROC_OTHER'])
      assert.equal(exitStatus(coded(code)), 1, code)
    for (const error of [consoleError.UNWRITABLE(), consoleError.STATE_UNUSABLE(), new Error('x'), 'x', null])
      assert.equal(exitStatus(error), 1)
  })

  test('is 0 when help or the version was asked for', () => {
    assert.equal(exitStatus(new CommanderError(0, 'commander.help', 'x')), 0)
  })
})
