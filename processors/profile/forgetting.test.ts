import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepForgetting, noteToForget } from './forgetting.ts'

const toolsAt = (nowMs: number, woken: number[]) => ({ nowMs, tidyAt: (dueMs: number) => woken.push(dueMs) })

test('what is noted has one timer, after the time it is kept', () => {
  const woken: number[] = []
  const state = { wakesAtMs: 0 }
  noteToForget(state, 1_000, toolsAt(50.5, woken))
  noteToForget(state, 1_000, toolsAt(70, woken))
  assert.deepEqual(woken, [1_051])
})

test('a next look comes when the oldest is due, and a quarter of the time later at the earliest', () => {
  const woken: number[] = []
  const state = { wakesAtMs: 1_051 }
  keepForgetting(state, 900, 1_051, 1_000, toolsAt(1_051, woken))
  keepForgetting(state, 60, 1_051, 1_000, toolsAt(1_051, woken))
  assert.deepEqual(woken, [1_901, 1_302])
})
