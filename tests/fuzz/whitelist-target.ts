import assert from 'node:assert/strict'
import { formatAllowRule, readAllowRules } from '@weir/processors'
import { allowRuleCodec } from '@weir/schemas'
import { WeirError } from '@weir/topology/kit'
import type { Target } from './target.ts'

const lines = (...text: readonly string[]) => Buffer.from(`${text.join('\n')}\n`)

/** Whitelists: refused in the one way that is promised, or rules that are the same when they are written and read again. */
export const whitelistTarget: Target = {
  name: 'whitelist',
  seeds: [
    lines(
      '"IoCType","IoCValue","Direction","IgnoreType"',
      '; a comment',
      'ip,10.0.0.5,both,alerts',
      'ip,10.0.0.0/8,src,flows,2030-12-31,the scanner, of ours',
    ),
    lines('ip,2001:db8::/32,dst,both,2030-12-31T12:00:00Z', 'domain,example.com,dst,both,,why'),
    lines('organization,google,both,alerts', 'mac,02:00:00:00:00:05,src,flows', '# ip,1.2.3.4,both,both'),
  ],
  check(input) {
    let rules: ReturnType<typeof readAllowRules>
    try {
      rules = readAllowRules('input', input.toString('utf8'))
    } catch (error) {
      assert.ok(error instanceof WeirError && error.code === 'PROC_BAD_WHITELIST', String(error))
      return
    }
    for (const rule of rules) {
      assert.deepEqual(readAllowRules('again', formatAllowRule(rule)), [rule])
      assert.deepEqual(allowRuleCodec.decode(allowRuleCodec.encode(rule)), rule)
    }
  },
}
