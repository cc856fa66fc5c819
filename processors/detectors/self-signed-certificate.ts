import type { Level, Tls } from '@weir/schemas'
import { byCertificate } from '../keys.ts'
import { isPublic } from '../profile/address-class.ts'
import {
  type CertificateJoin,
  emptyJoin,
  judgeOrWait,
  judgeWaiting,
  maxJoinBytes,
  type ShownCertificate,
  shownByItself,
  stopWaiting,
} from '../profile/certificate-join.ts'
import { isSelfSigned } from '../stats/certificate-name.ts'
import { defineDetector, type Tools } from './detector.ts'
import { flag } from './settings.ts'

const settings = {
  withinWeighs: flag(false, 'Whether servers of private addresses count as those of the internet do.'),
}

type SelfSignedTools = Tools<CertificateJoin, typeof settings>

export const selfSignedCertificate = defineDetector({
  id: 'self-signed-certificate',
  version: 1,
  claim: 'A server showed a certificate that nobody but itself has signed.',
  spec: 'TLS-01',
  types: ['SELF_SIGNED_CERTIFICATE'],
  level: 'low',
  techniques: ['T1573'],
  misfires: 'Devices and services that are set up at home or for a test; calls between browsers.',
  key: byCertificate,
  settings,
  state: { scope: 'host', version: 1, maxBytes: maxJoinBytes, empty: emptyJoin },
  on: {
    tls(record, tools) {
      if (record.resumed === true) return
      const shown = shownByItself(record)
      if (shown !== null || record.validationStatus !== '') judge(record, shown, tools)
      else judgeOrWait(record, tools, judge)
    },
    certificate: (record, tools) => judgeWaiting(record, tools, judge),
  },
  onTimer: (dueMs, tools) => stopWaiting(dueMs, tools),
})

function judge(record: Tls, shown: ShownCertificate | null, tools: SelfSignedTools): void {
  const { subject, issuer } = shown ?? { subject: '', issuer: '' }
  const told = isSelfSigned(record.validationStatus, subject, issuer)
  if (told === 'no') return
  const { srcIp, dstIp, serverName } = record
  const level = levelOf(record, told === 'in its chain', tools)
  const named = serverName === '' ? dstIp : `${serverName.slice(0, 255)} (${dstIp})`
  const description = `${named} showed ${srcIp} a certificate ${told === 'in its chain' ? 'of an authority of its own' : 'signed by itself'}${subject === '' ? '' : `, '${subject.slice(0, 120)}'`}.`
  tools.report({
    key: `${dstIp}|${record.dstPort ?? 0}`,
    level,
    confidence: 0.5,
    record,
    victim: null,
    description,
    facts: {
      serverName: serverName.slice(0, 255),
      subject: subject.slice(0, 300),
      validationStatus: record.validationStatus.slice(0, 120),
      toldBySensor: record.validationStatus !== '',
    },
    mirror: {
      profile: dstIp,
      level,
      confidence: 0.5,
      attacker: { direction: 'dst', type: 'ip', value: dstIp },
      victim: null,
      description,
    },
  })
}

/** An authority of one's own is that of a company; DTLS is the calls of browsers, which make a certificate for each. */
function levelOf(record: Tls, isChain: boolean, { config }: SelfSignedTools): Level {
  if (isChain || record.proto === 'udp') return 'info'
  return isPublic(record.dstIp) || config.withinWeighs ? 'low' : 'info'
}
