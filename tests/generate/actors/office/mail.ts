import { type Host, host, officeZone } from '../../network.ts'
import type { Stage } from '../../stage.ts'
import { overTls } from '../../web.ts'

/** Mail is fetched every few minutes and sent a few times an hour; the mail server checks who is allowed to send for whom. */
export function useMail(stage: Stage, who: Host, fromMs: number): void {
  const { random } = stage
  for (const at of stage.moments(420_000, fromMs)) {
    overTls(stage, {
      from: who,
      domain: 'imap.postbox.example',
      port: 993,
      atMs: at,
      durationMs: random.between(800, 200_000),
      srcBytes: random.int(600, 4000),
      dstBytes: Math.min(1.5e7, random.logNormal(9000, 1.6)),
    })
  }
  for (const at of stage.moments(1_500_000, fromMs)) submit(stage, who, at)
}

function submit(stage: Stage, who: Host, atMs: number): void {
  const { server, readyMs } = stage.resolve(who, `mail.${officeZone}`, atMs)
  const conn = stage.connect({
    from: who,
    to: server,
    port: 587,
    service: 'smtp',
    atMs: readyMs,
    durationMs: stage.random.between(400, 5000),
    srcBytes: 1500 + Math.min(2e7, stage.random.logNormal(14_000, 1.7)),
    dstBytes: stage.random.int(2500, 4000),
  })
  stage.write({
    kind: 'smtp',
    conn,
    atUs: conn.startUs + 3000,
    writtenUs: conn.endUs,
    helo: `${who.name}.${officeZone}`,
    mailFrom: '',
    rcptTo: [],
    subject: '',
    lastReply: '220 2.0.0 Ready to start TLS',
    tls: true,
  })
}

const keyText =
  'MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC5N3lnvvrYgPCRSoqn2YIHRnk8xT6wAvVJ0KzLqFf4oE7hXbWuDsGcMtZy91eIjOaU'

/** Long, dense and honest: sender policies and signing keys, which a check for tunnels must know by their shape. */
export function checkSenders(stage: Stage): void {
  const server = host('mail')
  for (const at of stage.moments(240_000)) {
    const domain = `post-${stage.random.int(1, 60)}.example`
    const policy = 'v=spf1 ip4:185.60.20.0/24 include:_spf.postbox.example ~all'
    stage.lookup({ from: server, query: domain, qtype: 'TXT', atMs: at, answers: [policy] })
    stage.lookup({
      from: server,
      query: `s1._domainkey.${domain}`,
      qtype: 'TXT',
      atMs: at + 30,
      answers: [`v=DKIM1; k=rsa; p=${keyText}`],
    })
    stage.lookup({
      from: server,
      query: `_dmarc.${domain}`,
      qtype: 'TXT',
      atMs: at + 60,
      answers: [`v=DMARC1; p=quarantine; rua=mailto:dmarc@${domain}`],
    })
  }
}
