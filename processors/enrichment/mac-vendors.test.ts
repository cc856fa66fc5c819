import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MacVendorTable } from './mac-vendors.ts'

function table(text: string): MacVendorTable {
  const read = MacVendorTable.read(text)
  assert.ok(read !== null)
  return read
}

const vendors = table('# made up\nWhole\t0055da 0003f0\nPart\t0055da1\nSmaller part\t0055da1ff\n')

test('the longest registered prefix names the maker', () => {
  assert.equal(vendors.size, 4)
  assert.equal(vendors.vendorOf('00:55:da:2f:ff:ff'), 'Whole')
  assert.equal(vendors.vendorOf('00:55:da:10:00:00'), 'Part')
  assert.equal(vendors.vendorOf('00:55:da:1f:f0:00'), 'Smaller part')
  assert.equal(vendors.vendorOf('00:03:f0:00:00:00'), 'Whole')
})

test('addresses that software made up, groups and text that is no MAC have no maker', () => {
  const all = table('Everybody\t0255da 0155da ffffff 0055da\n')
  assert.equal(all.vendorOf('00:55:da:00:00:00'), 'Everybody')
  for (const mac of ['02:55:da:00:00:00', '01:55:da:00:00:00', 'ff:ff:ff:ff:ff:ff', '', 'nonsense'])
    assert.equal(all.vendorOf(mac), '', mac)
})

test('lines that are none are passed over, and a table without a prefix is none', () => {
  assert.equal(table('nonsense\nA\t0055da xyz 12345\n').size, 1)
  assert.equal(MacVendorTable.read(''), null)
  assert.equal(MacVendorTable.read('<html>not found</html>\n'), null)
})
