import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costTable, percent } from './cost-table.ts'

test('costs are given per second, per million and by the first', () => {
  const table = costTable(500_000, [
    ['ceiling', { wallSeconds: 2, cpuSeconds: 2, peakMemoryBytes: 100e6 }],
    ['analyze', { wallSeconds: 5, cpuSeconds: 5, peakMemoryBytes: 200e6 }],
  ])
  assert.equal(
    table,
    [
      '500,000 connections  records/s  CPU s per million  peak MB  CPU ÷ first',
      'ceiling                250,000               4.00      100         1.00',
      'analyze                100,000              10.00      200         2.50',
    ].join('\n'),
  )
})

test('a share has its sign', () => {
  assert.equal(percent(0.254), '+25 %')
  assert.equal(percent(-0.1), '−10 %')
})
