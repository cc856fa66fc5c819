import { type DeviceMaker, deviceMaker } from '../data/device-makers.ts'
import { type SystemFamily, systemOf } from '../data/user-agent-systems.ts'
import { bySource } from '../keys.ts'
import { defineDetector } from './detector.ts'
import { ratio } from './settings.ts'

/** Maker and system told of. */
type State = Set<string>

const MAX_SAID = 10
const MAX_TEXT = 200

/** Systems that do not come on devices of that maker. Linux and what names no system run anywhere. */
const foreign: Readonly<Record<DeviceMaker, readonly SystemFamily[]>> = {
  apple: ['windows', 'android'],
  google: ['windows', 'apple'],
  microsoft: ['apple', 'android'],
}
const makerNames: Readonly<Record<DeviceMaker, string>> = {
  apple: 'Apple',
  google: 'Google',
  microsoft: 'Microsoft',
}

export const incompatibleUserAgent = defineDetector({
  id: 'incompatible-user-agent',
  version: 1,
  claim: 'A host speaks HTTP under the name of a system that does not come on devices of its maker.',
  spec: 'HTTP-03',
  types: ['INCOMPATIBLE_USER_AGENT'],
  level: 'high',
  techniques: ['T1036', 'T1071.001'],
  misfires:
    'Another system on the same device, by itself or as a guest; routers of that maker that stand before other devices.',
  key: bySource,
  settings: {
    confidence: ratio(0.6, 'How sure it is that no other system was installed on the device.'),
  },
  state: { scope: 'window', version: 1, maxBytes: 1_000, empty: (): State => new Set() },
  on: {
    http(record, tools) {
      const { host, config } = tools
      if (record.userAgent === '' || host.mac === '') return
      const maker = deviceMaker(host.mac)
      if (maker === null) return
      const system = systemOf(record.userAgent)
      if (system === null || !foreign[maker].includes(system)) return
      const said = tools.state()
      const pair = `${maker}|${system}`
      if (said.has(pair) || said.size >= MAX_SAID) return
      said.add(pair)
      const agent = record.userAgent.slice(0, MAX_TEXT)
      tools.report({
        key: pair,
        confidence: config.confidence,
        record,
        victim: null,
        description: `${record.srcIp}, a device made by ${makerNames[maker]}, calls itself '${agent}' (${system}).`,
        facts: {
          maker,
          mac: host.mac,
          system,
          userAgent: agent,
          host: record.host.slice(0, MAX_TEXT),
          uri: record.uri.slice(0, MAX_TEXT),
        },
      })
    },
  },
})
