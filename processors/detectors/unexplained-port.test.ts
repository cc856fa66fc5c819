import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyHostMemory, HostMemory, remember } from '../profile/host-memory.ts'
import { Network } from '../profile/network.ts'
import { conn, ftp } from '../testing/flows.ts'
import { hasUnknownPort, isUnexplained } from './unexplained-port.ts'

const odd = (given = {}) => conn({ dstIp: '93.184.216.34', dstPort: 13_337, ...given })
const home = { host: new HostMemory(), network: new Network([]) }

test('a port is unknown when it has a number, a protocol with ports, and no service in wide use', () => {
  assert.ok(hasUnknownPort(odd()))
  assert.ok(hasUnknownPort(odd({ proto: 'udp' })))
  assert.ok(!hasUnknownPort(odd({ dstPort: 443 })))
  assert.ok(!hasUnknownPort(odd({ dstPort: 0 })))
  assert.ok(!hasUnknownPort(odd({ dstPort: null })))
  assert.ok(!hasUnknownPort(odd({ proto: 'icmp' })))
})

test('groups, ways back, active FTP, agreed ports within and ports of vendors explain themselves', () => {
  assert.ok(isUnexplained(odd(), home))
  assert.ok(!isUnexplained(odd({ dstIp: '224.0.0.7' }), home))
  assert.ok(!isUnexplained(odd({ dstIp: '127.0.0.1' }), home))
  assert.ok(!isUnexplained(odd({ srcPort: 20, service: 'ftp-data' }), home))
  assert.ok(!isUnexplained(odd({ srcPort: 20, source: 'argus', dstIp: '10.0.0.1' }), home))
  assert.ok(isUnexplained(odd({ srcPort: 20 }), home))
  assert.ok(!isUnexplained(odd({ history: '^dA' }), home))
  assert.ok(!isUnexplained(odd({ dstIp: '10.0.0.1', dstPort: 50_000 }), home))
  assert.ok(isUnexplained(odd({ dstPort: 50_000 }), home))
})

test('a port that the host was told by FTP is explained', () => {
  const state = emptyHostMemory()
  remember(state, ftp({ dataPort: 13_337 }), home.network)
  const host = new HostMemory()
  host.attach(state)
  assert.ok(!isUnexplained(odd(), { ...home, host }))
})
