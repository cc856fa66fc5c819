import assert from 'node:assert/strict'
import { afterEach, describe, test } from 'node:test'
import { deviceMaker } from '../data/device-makers.ts'
import { isKnownPort } from '../data/known-ports.ts'
import { organisationOfPort } from '../data/organisation-ports.ts'
import { isPublicResolver } from '../data/public-resolvers.ts'
import { systemOf } from '../data/user-agent-systems.ts'
import { detectors } from '../detectors/registry.ts'
import { organisationOfAddress, organisationOfAsn, organisationOfName } from '../enrichment/organisations.ts'
import { emptyHostMemory, HostMemory } from '../profile/host-memory.ts'
import { readWhitelist } from '../profile/whitelist.ts'
import { conn } from '../testing/flows.ts'
import {
  type DataList,
  type DataListName,
  dataListNames,
  dataLists,
  readDataList,
  useDataLists,
} from './data-lists.ts'

const use = (name: DataListName, text: string) => useDataLists({ [name]: readDataList(name, 'x', text) })

describe('a list that a file takes the place of', () => {
  afterEach(() => useDataLists({}))

  test('every entry that comes with the program is a line of such a file, and none stands twice', () => {
    for (const name of dataListNames) {
      const list: DataList = dataLists[name]
      const lines = list.builtIn()
      assert.ok(lines.length > 0, name)
      for (const line of lines) assert.notEqual(list.read(line), null, `${name}: ${line}`)
      const again = readDataList(name, 'x', lines.join('\n'))
      assert.deepEqual(readDataList(name, 'x', again.join('\n')), again, name)
      assert.equal(new Set(lines).size, lines.length, name)
      for (const example of list.form.matchAll(/`([^`]+)`/g))
        assert.notEqual(list.read(example[1] ?? ''), null, `${name}: the example ${example[1]}`)
    }
  })

  test('is the default of the settings it says', () => {
    for (const name of dataListNames) {
      const list: DataList = dataLists[name]
      for (const [id, setting] of list.settings) {
        const known = detectors.find((detector) => detector.id === id)?.settings[setting]?.default
        assert.ok(Array.isArray(known), `${id}.${setting}`)
        assert.deepEqual(
          [...(list.settingOf?.(list.builtIn()) ?? list.builtIn())].sort(),
          [...known].sort(),
          name,
        )
      }
    }
  })

  test('names every wrong line with its number, and says what a line is', () => {
    for (const [name, text] of [
      ['known-ports', 'tcp 80\n\ntcp 70000'],
      ['known-ports', '# x\n\nsctp 80'],
      ['known-ports', '1\n2\n90-80'],
      ['organisation-ports', 'Zoom,udp,8801,zoom.us\n\nZoom,udp,zoom.us'],
      ['organisations', 'a,b.c\n\na,10.0.0.0/33'],
      ['organisations', 'a,b.c\n\na,AS0'],
      ['user-agent-systems', 'windows,Win\n\nbeos,BeOS'],
      ['device-makers', 'apple,000393\n\napple,0003'],
      ['public-resolvers', '9.9.9.9\n\n9.9.9.0/24'],
      ['doh-servers', 'dns.google\n\nhttps://dns.google/'],
    ] as const) {
      assert.throws(
        () => readDataList(name, 'my.txt', text),
        (error: Error) =>
          error.message.includes('my.txt') &&
          error.message.includes('line 3: ') &&
          !error.message.includes('line 1:'),
        text,
      )
    }
  })

  test('adds to what comes with the program where the file includes it', () => {
    use('known-ports', 'include built-in\ntcp 4444')
    assert.deepEqual(
      [isKnownPort('tcp', 443), isKnownPort('tcp', 4444), isKnownPort('udp', 4444)],
      [true, true, false],
    )
    use('known-ports', '# ours\r\nTCP 4444-4446\r\n53\r\n')
    assert.deepEqual(
      [isKnownPort('tcp', 443), isKnownPort('tcp', 4446), isKnownPort('udp', 53)],
      [false, true, true],
    )
    useDataLists({})
    assert.deepEqual([isKnownPort('tcp', 443), isKnownPort('tcp', 4444)], [true, false])
  })

  test('is what is looked up, of every list', () => {
    use('organisation-ports', 'Ours,tcp,9999,203.0.113.0/24\nOurs,tcp,9999,ours.example')
    assert.equal(organisationOfPort('tcp', '203.0.113.9', 9999, []), 'Ours')
    assert.equal(organisationOfPort('tcp', '8.8.8.8', 9999, ['a.ours.example']), 'Ours')
    assert.equal(organisationOfPort('tcp', '17.1.2.3', 5100, []), '')
    use('public-resolvers', '2620:FE:0::FE')
    assert.deepEqual([isPublicResolver('2620:fe::fe'), isPublicResolver('9.9.9.9')], [true, false])
    use('public-resolvers', '9.9.9.9')
    assert.equal(isPublicResolver('64:ff9b::909:909'), true)
    use('device-makers', 'google,00:03:93')
    assert.equal(deviceMaker('00:03:93:00:00:01'), 'google')
    assert.equal(systemOf('Thing/1.0 (OurOS)'), null)
    use('user-agent-systems', 'linux,OurOS')
    assert.equal(systemOf('Thing/1.0 (OurOS)'), 'linux')
    assert.equal(systemOf('Mozilla/5.0 (Windows NT 10.0)'), null)
  })

  test('organisations of a file are known to whitelists, by name, range and AS number', () => {
    use('organisations', 'ours,ours.example\nours,203.0.113.0/24\nours,AS64500\nrented,AS64501,hosting')
    assert.equal(organisationOfName('www.ours.example'), 'ours')
    assert.equal(organisationOfAddress('203.0.113.9'), 'ours')
    assert.equal(organisationOfAddress('8.8.8.8'), '')
    assert.deepEqual(organisationOfAsn(64501), { name: 'rented', isHost: true })
    const host = new HostMemory()
    host.attach(emptyHostMemory())
    const rules = readWhitelist('w', 'organization,ours,dst,both')
    assert.notEqual(rules.drops(conn({ dstIp: '203.0.113.9' }), host), null)
    assert.throws(() => readWhitelist('w', 'organization,google,dst,both'), /not one of ours/)
  })
})
