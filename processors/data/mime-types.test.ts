import assert from 'node:assert/strict'
import { test } from 'node:test'
import { executableKind } from './mime-types.ts'

test('media types and the sentences of libmagic both tell what can be run', () => {
  for (const [type, kind] of [
    ['application/x-dosexec', 'program'],
    ['application/x-executable', 'program'],
    ['application/x-mach-binary', 'program'],
    ['ELF 64-bit LSB pie executable, x86-64', 'program'],
    ['application/x-msi', 'installer'],
    ['Composite Document File V2 Document, MSI Installer, Code page: 1252', 'installer'],
    ['application/vnd.android.package-archive', 'installer'],
    ['text/x-shellscript', 'script'],
    ['POSIX shell script, ASCII text executable', 'script'],
    ['application/octet-stream', 'unknown'],
  ] as const) {
    assert.equal(executableKind(type), kind, type)
  }
})

test('pages, pictures, archives and packages of a distribution are not run', () => {
  for (const type of [
    '',
    'text/html',
    'image/png',
    'application/zip',
    'application/x-debian-package',
    'HTML document, ASCII text',
    'JPEG image data',
  ]) {
    assert.equal(executableKind(type), null, type)
  }
})
