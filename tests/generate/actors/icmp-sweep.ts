import { host } from '../network.ts'
import type { Actor } from '../stage.ts'

const questions = { echo: 8, timestamp: 13, mask: 17 } as const

/** Are you there, .1? Are you there, .2? … Servers of the plan answer. */
export function icmpSweep(options: {
  readonly from: string
  readonly at: number
  readonly addresses: number
  readonly question?: keyof typeof questions
  readonly gapMs?: number
}): Actor {
  return {
    name: `icmp-sweep-${options.question ?? 'echo'}`,
    benign: false,
    play: (stage) => {
      let atMs = options.at
      for (let number = 1; number <= options.addresses; number++) {
        const to = host(`10.20.1.${number}`)
        const answers = to.name !== to.ip
        stage.connect({
          from: host(options.from),
          to,
          port: 0,
          proto: 'icmp',
          srcPort: questions[options.question ?? 'echo'],
          atMs,
          durationMs: answers ? 0.5 : 0,
          outcome: answers ? 'finished' : 'unanswered',
          srcBytes: 32,
          dstBytes: 32,
        })
        atMs += stage.random.exponential(options.gapMs ?? 80)
      }
    },
  }
}
