import { arp, conn, hours, http, startMs, times } from '../testing/flows.ts'
import { testDetector } from '../testing/test-detector.ts'
import { incompatibleUserAgent } from './incompatible-user-agent.ts'

const apple = 'a4:83:e7:12:34:56'
const google = '3c:5a:b4:00:00:01'
const microsoft = '28:18:78:aa:bb:cc'
const agents = {
  windows: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:125.0) Gecko/20100101 Firefox/125.0',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.4 Safari/605.1.15',
  android: 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/124.0 Mobile Safari/537.36',
  linux: 'Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
  chromeos: 'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/124.0 Safari/537.36',
}
const as = (userAgent: string, more: Parameters<typeof http>[0] = {}) => http({ userAgent, ...more })
const from = (srcMac: string, ...all: readonly string[]) => [
  conn({ srcMac }),
  ...all.map((agent) => as(agent)),
]

testDetector(incompatibleUserAgent, {
  quiet: {
    'what comes on a device of Apple, and what runs anywhere': {
      records: from(apple, agents.mac, agents.linux, 'curl/8.5.0', ''),
    },
    'what comes on a device of Google': {
      records: from(google, agents.android, agents.chromeos, agents.linux),
    },
    'what comes on a device of Microsoft': { records: from(microsoft, agents.windows, agents.linux) },
    'any system on a card of anybody else': { records: from('00:14:22:01:02:03', ...Object.values(agents)) },
    'a virtual machine, and an address that was made up': {
      records: [...from('00:15:5d:01:02:03', agents.mac), ...from('02:83:e7:12:34:56', agents.windows)],
    },
    'a host whose address on the wire nobody told': {
      records: Object.values(agents).map((agent) => as(agent)),
    },
  },
  loud: {
    'Windows on a device of Apple, once': {
      records: from(apple, agents.mac, agents.windows, agents.windows),
      evidence: [
        {
          level: 'high',
          confidence: 0.6,
          victim: null,
          facts: { maker: 'apple', system: 'windows', mac: apple },
        },
      ],
    },
    'a device that is known by its ARP': {
      records: [arp({ srcHw: google }), as(agents.mac)],
      evidence: [{ facts: { maker: 'google', system: 'apple' } }],
    },
    'two systems, in two windows, where it is sure': {
      config: { confidence: 1 },
      records: [
        ...from(microsoft, agents.android),
        ...times(6, (i) =>
          as(i % 2 === 0 ? agents.mac : agents.android, { tsMs: startMs + (i < 3 ? 100 : hours(1)) + i }),
        ),
      ],
      evidence: [
        { confidence: 1, facts: { system: 'android' } },
        { confidence: 1, facts: { system: 'apple' } },
        { windowStartMs: startMs + hours(1) },
        { windowStartMs: startMs + hours(1) },
      ],
    },
  },
})
