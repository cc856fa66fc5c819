import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isLater, softwareVersion } from './software-version.ts'

describe('a version', () => {
  test('is read from a banner, with and without what stands around it', () => {
    const rows: readonly (readonly [string, string, number, number])[] = [
      ['SSH-2.0-OpenSSH_9.6p1 Debian-3', 'OpenSSH', 9, 6],
      ['OpenSSH_for_Windows_8.1', 'OpenSSH_for_Windows', 8, 1],
      ['SSH-2.0-libssh2_1.10.0', 'libssh2', 1, 10],
      ['libssh-0.9.6', 'libssh', 0, 9],
      ['paramiko_3.4.0', 'paramiko', 3, 4],
      ['PuTTY_Release_0.78', 'PuTTY_Release', 0, 78],
      ['dropbear_2022.83', 'dropbear', 2022, 83],
      ['SSH-1.99-Cisco-1.25', 'Cisco', 1, 25],
      ['x/v2', 'x', 2, 0],
    ]
    for (const [text, name, major, minor] of rows)
      assert.deepEqual(softwareVersion(text), { name, major, minor }, text)
  })

  test('is nothing where there is none', () => {
    for (const text of ['', 'SSH-2.0-', 'SSH-2.0-Go', 'OpenSSH', '_1.2', '9.6']) {
      assert.equal(softwareVersion(text), null, text)
    }
  })

  test('is compared by numbers and not by text', () => {
    const version = (major: number, minor: number) => ({ name: 'x', major, minor })
    assert.equal(isLater(version(1, 10), version(1, 9)), true)
    assert.equal(isLater(version(2, 0), version(1, 9)), true)
    assert.equal(isLater(version(1, 9), version(1, 9)), false)
    assert.equal(isLater(version(1, 9), version(2, 0)), false)
  })
})
