import { Random } from './random.ts'
import type { Scenario } from './scenario.ts'
import { Stage } from './stage.ts'
import type { Connection, Message, Wire } from './wire.ts'

/**
 * Plays a story into what happens on the wire. The seed alone decides: the scenario's, unless another one is given. An
 * actor's traffic depends on the seed, its name and how many of that name came before it, not on the rest of the cast.
 * What would have been written in the spans that the scenario calls lost is left out.
 */
export function play(scenario: Scenario, seed = scenario.seed): Wire {
  const root = new Random(seed)
  const connections: Connection[] = []
  const messages: Message[] = []
  const namesakes = new Map<string, number>()
  for (const actor of scenario.play) {
    const number = namesakes.get(actor.name) ?? 0
    namesakes.set(actor.name, number + 1)
    const stage = new Stage({
      random: root.fork(`${actor.name}-${number}`),
      startMs: scenario.startMs,
      lastsMs: scenario.lastsMs,
      truth: actor.benign
        ? { label: 'Benign', detail: actor.name }
        : { label: 'Malicious', detail: actor.name },
    })
    actor.play(stage)
    const played = stage.collect()
    for (const conn of played.connections) connections.push(conn)
    for (const message of played.messages) messages.push(message)
  }
  // Sorting is stable: what happens in the same microsecond stays in the order of the cast.
  connections.sort((a, b) => a.startUs - b.startUs)
  messages.sort((a, b) => a.writtenUs - b.writtenUs || a.atUs - b.atUs)
  const wasLost = lossOf(scenario)
  return {
    startUs: scenario.startMs * 1000,
    endUs: (scenario.startMs + scenario.lastsMs) * 1000,
    connections: connections.filter((conn) => !wasLost(conn.endUs)),
    messages: messages.filter((message) => !wasLost(message.writtenUs)),
  }
}

function lossOf({ startMs, lost }: Scenario): (writtenUs: number) => boolean {
  const spans = lost.map(([fromMs, toMs]) => [(startMs + fromMs) * 1000, (startMs + toMs) * 1000] as const)
  return (writtenUs) => spans.some(([fromUs, toUs]) => fromUs <= writtenUs && writtenUs < toUs)
}
