import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WeirError } from '@weir/topology/kit'
import { CommanderError } from 'commander'
import { consoleError } from './errors.ts'
import { explain, usageError } from './explain.ts'

describe('an error told to the user', () => {
  test('is what is wrong and what to do, without a trace', () => {
    const error = consoleError.UNREADABLE(
      { path: 'x', why: 'it does not exist' },
      new Error('ENOENT: no such file'),
    )
    assert.equal(
      explain(error, false),
      'weir: x cannot be read: it does not exist. Check the path and its permissions.\n',
    )
  })

  test('of the runtime says what its cause says, once', () => {
    const row = { says: 'task 0 failed', fix: 'look at the cause' }
    const error = new WeirError('TOPO_TASK_FAILED', row, {}, new Error('no such record\nat x'))
    assert.equal(explain(error, false), 'weir: task 0 failed: no such record. Look at the cause.\n')
    const system = Object.assign(new Error('ENOENT: no such file, stat x'), { syscall: 'stat' })
    const missing = new WeirError('EDGE_X', { says: 'x does not exist', fix: 'y' }, {}, system)
    assert.equal(explain(missing, false), 'weir: x does not exist. Y.\n')
    const same = new WeirError('TOPO_X', { says: 'a: b', fix: 'c' }, {}, new Error('b'))
    assert.equal(explain(same, false), 'weir: a: b. C.\n')
  })

  test('that nobody foresaw is one line and how to see more; the trace only when asked for', () => {
    const error = new TypeError('x is not a function')
    const text = explain(error, false)
    assert.match(text, /^weir: something failed that should not: x is not a function\. .*WEIR_TRACE=1.*\n$/)
    assert.match(explain(error, true), /^weir: .*\nTypeError: x is not a function\n {4}at /)
    assert.match(explain('text', false), /should not: text\./)
  })

  test('cannot make the terminal obey it', () => {
    const error = consoleError.UNREADABLE({ path: '\u001b[2J\n', why: 'x' })
    assert.match(explain(error, false), /^weir: \\x1b\[2J\\x0a cannot be read: x\. .*\n$/)
  })

  test('of the command line was told already, as one line that says where to look', () => {
    assert.equal(explain(new CommanderError(1, 'x', 'x'), false), '')
    assert.equal(
      usageError("error: unknown command 'analyz'\n(Did you mean analyze?)\n", ''),
      "weir: unknown command 'analyz' (Did you mean analyze?). See 'weir --help'.\n",
    )
    assert.equal(
      usageError("error: unknown option '--frob'\n", 'analyze'),
      "weir: unknown option '--frob'. See 'weir analyze --help'.\n",
    )
  })
})
