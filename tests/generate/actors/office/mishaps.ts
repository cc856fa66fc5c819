import { type Host, officeZone } from '../../network.ts'
import { webSites } from '../../sites.ts'
import type { Stage } from '../../stage.ts'

/**
 * Things that go wrong every day: typing errors, a printer that is off, a site that does not answer. Rates are bounded
 * per host and hour, below what any detector counts: at most two refusals, one silence and five wrong names.
 */
export function mishaps(stage: Stage, who: Host, fromMs: number): void {
  const { random } = stage
  const hourMs = 3_600_000
  for (let from = fromMs; from < stage.lastsMs; from += hourMs) {
    const sometime = () => from + random.between(0, hourMs)
    for (let i = random.int(0, 4); i > 0; i--) {
      const site = random.pick(webSites).domain
      const typo = site.replace('.example', random.pick(['.exmple', '.exampel', 'x.example']))
      stage.lookup({ from: who, query: typo, rcode: 'NXDOMAIN', atMs: sometime() })
    }
    if (random.chance(0.5)) {
      stage.lookup({ from: who, query: `wpad.${officeZone}`, rcode: 'NXDOMAIN', atMs: sometime() })
    }
    if (random.chance(0.25)) {
      const { server, readyMs } = stage.resolve(who, `print-1.${officeZone}`, sometime())
      const tries = random.int(1, 2)
      for (let i = 0; i < tries; i++) {
        stage.connect({ from: who, to: server, port: 631, atMs: readyMs + i * 900, outcome: 'rejected' })
      }
    }
    if (random.chance(0.3)) {
      const { server, readyMs } = stage.resolve(who, random.pick(webSites).domain, sometime())
      stage.connect({ from: who, to: server, port: 443, atMs: readyMs, outcome: 'unanswered', tries: 4 })
    }
    if (random.chance(0.3)) {
      const { server, readyMs } = stage.resolve(who, random.pick(webSites).domain, sometime())
      stage.connect({
        from: who,
        to: server,
        port: 0,
        proto: 'icmp',
        srcPort: 8,
        atMs: readyMs,
        durationMs: 3010,
        srcBytes: 224,
        dstBytes: 224,
      })
    }
  }
}
