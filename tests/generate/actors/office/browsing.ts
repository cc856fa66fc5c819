import type { Host } from '../../network.ts'
import { zipf } from '../../random.ts'
import { type Site, siteOf, webSites } from '../../sites.ts'
import type { Stage } from '../../stage.ts'
import { overHttp, overQuic, overTls } from '../../web.ts'

const popular = zipf(webSites.length, 1.05)

/** People read: a page every few minutes, each page a few connections, a second page of the same site now and then. */
export function browse(stage: Stage, who: Host, fromMs: number): void {
  for (const at of stage.moments(170_000, fromMs)) {
    const site = webSites[popular(stage.random)]
    if (site !== undefined) visit(stage, who, site, at)
  }
}

function visit(stage: Stage, who: Host, site: Site, atMs: number): void {
  const pages = stage.random.chance(0.3) ? stage.random.int(2, 4) : 1
  let at = atMs
  for (let page = 0; page < pages; page++) {
    load(stage, who, site, at)
    for (const companion of site.companions) {
      if (!stage.random.chance(0.6)) continue
      const other = siteOf(companion)
      if (other !== undefined) load(stage, who, other, at + stage.random.between(80, 900))
    }
    at += stage.random.between(8_000, 60_000)
  }
}

function load(stage: Stage, who: Host, site: Site, atMs: number): void {
  const { random } = stage
  // Bodies seldom pass a few megabytes; nobody here uploads more than a form.
  const dstBytes = Math.min(2e7, Math.max(900, random.logNormal(28_000, 1.5)))
  const srcBytes = Math.min(2e6, Math.max(300, random.logNormal(1800, 0.9)))
  const preconnected = random.chance(0.05)
  if (preconnected) {
    // A second connection that the browser opened in advance and never used.
    const { server, readyMs } = stage.resolve(who, site.domain, atMs)
    stage.connect({
      from: who,
      to: server,
      port: site.plainHttp ? 80 : 443,
      atMs: readyMs,
      durationMs: 10_000,
    })
  }
  if (site.plainHttp) {
    const count = random.int(1, 4)
    const requests = Array.from({ length: count }, (_, index) => ({
      uri: index === 0 ? '/index.html' : `/media/${random.base62(8)}.jpg`,
      mimeType: index === 0 ? 'text/html' : 'image/jpeg',
      responseBytes: Math.round(dstBytes / count),
    }))
    overHttp(stage, {
      from: who,
      domain: site.domain,
      atMs,
      durationMs: random.between(300, 20_000),
      requests,
    })
    return
  }
  // Browsers keep a connection for a while after the last byte.
  const durationMs = Math.min(280_000, random.logNormal(14_000, 1.1))
  const outcome = random.chance(0.06) ? ('reset-by-client' as const) : ('finished' as const)
  const exchange = { from: who, domain: site.domain, atMs, durationMs, srcBytes, dstBytes, outcome }
  if (site.quic && !preconnected && random.chance(0.7)) overQuic(stage, exchange)
  else overTls(stage, exchange)
}
