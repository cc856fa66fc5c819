import assert from 'node:assert/strict'
import { test } from 'node:test'
import { logOfFields, logOfName } from './zeek-log-name.ts'

test('a log is named by its file, with whatever stamps and marks stand around it', () => {
  const names: [string, string][] = [
    ['conn', 'conn'],
    ['conn.log', 'conn'],
    ['conn.2022-05-11-14-43-20.log', 'conn'],
    ['conn.00:00:00-01:00:00.log.gz', 'conn'],
    ['dns.log.labeled', 'dns'],
    ['labeled-conn.log', 'conn'],
    ['open_conn.log', 'conn'],
    ['Conn.log', 'conn'],
    ['known_hosts.log', 'known_hosts'],
    ['smb_files.log', 'smb_files'],
    ['notice_alarm.log', 'notice_alarm'],
  ]
  for (const [name, log] of names) assert.equal(logOfName(name), log, name)
})

test('an odd name names no log, and takes no time', () => {
  for (const name of [
    '',
    '.',
    '.log',
    'input.log',
    'connection.log',
    '__proto__',
    'constructor',
    '-',
    '_'.repeat(1e6),
    '../../conn',
  ]) {
    assert.equal(logOfName(name), '', name.slice(0, 40))
  }
})

test('the fields tell what the name does not', () => {
  const of = (...fields: string[]): string => logOfFields((field) => fields.includes(field))
  assert.equal(of('ts', 'uid', 'conn_state'), 'conn')
  assert.equal(of('ts', 'query', 'qtype_name'), 'dns')
  assert.equal(of('ts', 'method', 'uri'), 'http')
  assert.equal(of('ts', 'fuid', 'analyzers'), 'files')
  assert.equal(of('ts', 'uid'), '')
})
