import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { mmdb } from '../testing/mmdb.ts'
import { folderWith } from '../testing/weir-run.ts'
import { openContextFiles } from './context-files.ts'
import { openMmdb } from './mmdb-file.ts'

const countries = mmdb('GeoLite2-Country', [
  ['93.184.216.0/24', { country: { iso_code: 'US' }, registered_country: { iso_code: 'GB' } }],
  ['93.184.217.0/24', { registered_country: { iso_code: 'GB' } }],
  ['2a00:1450::/32', { country: { iso_code: 'IE' } }],
])
const numbers = mmdb('GeoLite2-ASN', [
  ['93.184.216.0/25', { autonomous_system_number: 15133, autonomous_system_organization: 'Edgecast' }],
])

describe('a database of addresses', () => {
  test('gives country and AS number in whichever words its maker chose', (t) => {
    const folder = folderWith(t)
    const both = join(folder, 'ipinfo.mmdb')
    writeFileSync(
      both,
      mmdb('ipinfo lite', [
        ['1.2.3.0/24', { country_code: 'AU', asn: 'AS13335', as_name: 'Cloudflare, Inc.' }],
      ]),
    )
    const plain = join(folder, 'plain.mmdb')
    writeFileSync(plain, mmdb('country', [['1.2.3.0/24', { country: 'NZ' }]]))
    const opened = openMmdb(both)
    assert.ok('whereabouts' in opened)
    assert.deepEqual(opened.whereabouts.placeOf('1.2.3.4'), {
      country: 'AU',
      asn: 13335,
      asName: 'Cloudflare, Inc.',
    })
    const other = openMmdb(plain)
    assert.ok('whereabouts' in other)
    assert.equal(other.whereabouts.placeOf('1.2.3.4')?.country, 'NZ')
  })

  test('knows nothing of addresses outside it, of IPv6 apart from IPv4, and of text that is none', (t) => {
    const path = join(folderWith(t), 'geo.mmdb')
    writeFileSync(path, countries)
    const opened = openMmdb(path)
    assert.ok('whereabouts' in opened)
    const { whereabouts } = opened
    assert.equal(whereabouts.placeOf('93.184.216.34')?.country, 'US')
    assert.equal(whereabouts.placeOf('93.184.217.1')?.country, 'GB')
    assert.equal(whereabouts.placeOf('2a00:1450:4001::5')?.country, 'IE')
    for (const ip of ['93.184.218.1', '2a00:1451::1', 'nonsense', ''])
      assert.equal(whereabouts.placeOf(ip), null, ip)
  })

  test('two files together say what each says', (t) => {
    const folder = folderWith(t)
    const geo = join(folder, 'geo.mmdb')
    const asn = join(folder, 'asn.mmdb')
    writeFileSync(geo, countries)
    writeFileSync(asn, numbers)
    const { context, tables, missing } = openContextFiles({ geo, asn, macVendors: null })
    assert.deepEqual(missing, [])
    assert.deepEqual(context.whereabouts.placeOf('93.184.216.34'), {
      country: 'US',
      asn: 15133,
      asName: 'Edgecast',
    })
    assert.equal(context.whereabouts.placeOf('93.184.216.200')?.asn, 0)
    assert.match(tables.geo, /^GeoLite2-Country 2023-11-14T22:13:20Z [0-9a-f]{16}$/)
    assert.notEqual(tables.geo, tables.asn)
  })

  test('that is missing or damaged is absent, with one sentence on each', (t) => {
    const folder = folderWith(t, { 'asn.mmdb': 'not a database' })
    const { context, tables, missing } = openContextFiles({
      geo: join(folder, 'none.mmdb'),
      asn: join(folder, 'asn.mmdb'),
      macVendors: join(folder, 'none.csv'),
    })
    assert.equal(missing.length, 3)
    assert.match(missing[0] ?? '', /no countries: .*none\.mmdb cannot be used: it does not exist/)
    assert.match(tables.asn, /^absent: it is no MMDB file/)
    assert.equal(context.whereabouts.placeOf('93.184.216.34'), null)
    assert.equal(context.macVendors.vendorOf('00:03:93:00:00:01'), 'Apple, Inc.')
  })

  test('that is damaged further on knows less, and does not throw', (t) => {
    const path = join(folderWith(t), 'geo.mmdb')
    const damaged = Buffer.from(countries)
    damaged.fill(0xff, 0, 300)
    writeFileSync(path, damaged)
    const opened = openMmdb(path)
    assert.ok('whereabouts' in opened)
    for (let i = 0; i < 256; i += 1) opened.whereabouts.placeOf(`${i}.184.216.34`)
    assert.equal(opened.whereabouts.placeOf('255.255.255.255'), null)
  })
})

test('makers of network cards come from our own table, or from the CSV that is named', (t) => {
  const folder = folderWith(t, {
    'oui.csv':
      'Registry,Assignment,Organization Name,Organization Address\nMA-L,286FB9,"Nokia ""NSB"" Co., Ltd.","No.388\nShanghai"\n',
  })
  const own = openContextFiles({ geo: null, asn: null, macVendors: null })
  assert.equal(own.context.macVendors.vendorOf('00:03:93:11:22:33'), 'Apple, Inc.')
  assert.deepEqual([own.tables.geo, own.tables.asn], ['none', 'none'])
  const theirs = openContextFiles({ geo: null, asn: null, macVendors: join(folder, 'oui.csv') })
  assert.equal(theirs.context.macVendors.vendorOf('28:6f:b9:11:22:33'), 'Nokia "NSB" Co., Ltd.')
  assert.equal(theirs.context.macVendors.vendorOf('00:03:93:11:22:33'), '')
  assert.notEqual(own.tables.macVendors, theirs.tables.macVendors)
})
