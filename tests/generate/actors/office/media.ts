import type { Host } from '../../network.ts'
import type { Stage } from '../../stage.ts'
import { overHttp, overTls } from '../../web.ts'

/**
 * Video calls: signalling over TLS, media over UDP to one of three relays. Calls end within twenty minutes and 300 kbit/s
 * go out, so neither the length nor the volume of one is out of the ordinary.
 */
export function call(stage: Stage, who: Host, fromMs: number): void {
  const { random } = stage
  for (const at of stage.moments(5_400_000, fromMs + 120_000)) {
    const durationMs = random.between(240_000, 1_150_000)
    overTls(stage, {
      from: who,
      domain: 'app.meetroom.example',
      atMs: at,
      durationMs: durationMs + 5000,
      srcBytes: random.int(20_000, 90_000),
      dstBytes: random.int(60_000, 400_000),
    })
    const { server, readyMs } = stage.resolve(who, `turn-${random.int(1, 3)}.meetroom.example`, at + 900)
    for (const [port, share] of [
      [3479, 0.1],
      [3480, 0.9],
    ] as const) {
      stage.connect({
        from: who,
        to: server,
        proto: 'udp',
        port,
        service: 'stun',
        atMs: readyMs + port - 3478,
        durationMs,
        srcBytes: (durationMs / 1000) * 37_500 * share,
        dstBytes: (durationMs / 1000) * 160_000 * share,
      })
    }
  }
}

/** Updates: the list over TLS, the packages over plain HTTP, as update services do because packages are signed. */
export function update(stage: Stage, who: Host, fromMs: number): void {
  const { random } = stage
  for (const at of stage.moments(7_200_000, fromMs + 60_000)) {
    overTls(stage, {
      from: who,
      domain: 'update.desk-os.example',
      atMs: at,
      durationMs: random.between(500, 8000),
      srcBytes: random.int(3000, 20_000),
      dstBytes: random.int(30_000, 900_000),
    })
    const bytes = Math.round(Math.min(6e8, random.logNormal(4e7, 1)))
    overHttp(stage, {
      from: who,
      domain: 'download.desk-os.example',
      atMs: at + 9000,
      durationMs: 2000 + bytes / 8000,
      requests: [
        {
          uri: `/c/update-${random.hex(12)}.cab`,
          userAgent: 'Update-Agent/10.0',
          mimeType: 'application/vnd.ms-cab-compressed',
          responseBytes: bytes,
        },
      ],
    })
  }
  for (const at of stage.moments(900_000, fromMs)) {
    overTls(stage, {
      from: who,
      domain: 'push.desk-os.example',
      port: 5223,
      atMs: at,
      durationMs: random.between(200_000, 1_200_000),
      srcBytes: random.int(900, 5000),
      dstBytes: random.int(900, 9000),
    })
  }
}
