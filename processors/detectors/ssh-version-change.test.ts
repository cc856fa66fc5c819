import { days, hours, software, ssh, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { sshVersionChange } from './ssh-version-change.ts'

const client = (unparsedVersion: string, more: Parameters<typeof software>[0] = {}) =>
  software({ softwareType: 'SSH::CLIENT', name: 'OpenSSH', unparsedVersion, ...more })

testDetector(sshVersionChange, {
  quiet: {
    'one version, told by both logs, again and again': {
      records: times(20, (i) =>
        i % 2 === 0 ? client('OpenSSH_9.6p1') : ssh({ client: 'SSH-2.0-OpenSSH_9.6p1 Debian-3' }),
      ),
    },
    'a client and a server of their own': {
      records: [client('OpenSSH_9.6'), client('OpenSSH_8.4', { softwareType: 'SSH::SERVER' })],
    },
    'browsers of many versions': { records: times(10, (i) => software({ versionMajor: 100 + i })) },
    'banners without a version': {
      records: ['SSH-2.0-Go', 'SSH-2.0-', '', 'SSH-2.0-OpenSSH_9.6'].map((text) => ssh({ client: text })),
    },
    'what was forgotten is new, not changed': {
      config: { keepDays: 0.02 },
      records: [
        client('OpenSSH_9.6', { tsMs: startMs }),
        client('OpenSSH_9.7', { tsMs: startMs + hours(1) }),
        client('OpenSSH_9.8', { tsMs: startMs + hours(2) }),
      ],
    },
    'two versions where none is to be said': {
      config: { perWindow: 0 },
      records: [client('OpenSSH_9.6'), client('OpenSSH_7.2')],
    },
  },
  loud: {
    'an older version than before': {
      records: [client('OpenSSH_9.6'), client('OpenSSH_7.2'), client('OpenSSH_9.6'), client('OpenSSH_7.2')],
      evidence: [
        {
          level: 'medium',
          confidence: 0.9,
          victim: null,
          facts: { role: 'client', version: 'OpenSSH 7.2', formerVersion: 'OpenSSH 9.6', versions: 2 },
        },
      ],
    },
    'an update weighs little': {
      records: [client('OpenSSH_9.6'), client('OpenSSH_9.10')],
      evidence: [{ level: 'low', facts: { update: true } }],
    },
    'another program, by the sessions alone': {
      records: [ssh(), ssh({ client: 'SSH-2.0-libssh2_1.10' })],
      evidence: [{ level: 'medium', facts: { version: 'libssh2 1.10', formerVersion: 'OpenSSH 9.6' } }],
    },
    'another server, days later': {
      records: [
        client('OpenSSH_9.6', { softwareType: 'SSH::SERVER', tsMs: startMs }),
        client('dropbear_2022.83', { softwareType: 'SSH::SERVER', tsMs: startMs + days(1) }),
      ],
      evidence: [{ level: 'medium', facts: { role: 'server' } }],
    },
    'a version that the sensor took apart': {
      records: [
        client('', { name: 'OpenSSH', versionMajor: 9, versionMinor: null }),
        client('', { name: 'OpenSSH', versionMajor: 7, versionMinor: 2 }),
      ],
      evidence: [{ facts: { version: 'OpenSSH 7.2', formerVersion: 'OpenSSH 9.0' } }],
    },
    'a new name for every session, in bounded memory': {
      records: times(400, (i) => ssh({ client: `SSH-2.0-${'x'.repeat(30)}${i}_${400 - i}.1` })),
      evidence: times(4, () => ({ level: 'medium' }) as const),
    },
  },
})
