import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { type FeedOptions, readFeed } from './read-feed.ts'

const options: FeedOptions = {
  feed: 'test',
  format: 'auto',
  level: null,
  confidence: null,
  expiresMs: null,
  kind: null,
  tags: [],
}
const md5 = 'b386946a5a44d1ddcc843bc75336dfce'
const sha1 = '8f1d1b0a1b7f0f6f2e64a1e1f8d4c9a5d0b3e712'
const sha256 = '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03'

/** `kind value`, with level, confidence, tags and description behind it where they are not what nothing says. */
function read(text: string | object, given: Partial<FeedOptions> = {}, nowMs?: number): string[] {
  const whole = typeof text === 'string' ? text : JSON.stringify(text)
  const content = readFeed(whole, { ...options, ...given }, nowMs)
  const lines = content.indicators.map(({ kind, value, level, confidence, tags, description, expiresMs }) =>
    [
      kind,
      value,
      ...(level === 'medium' ? [] : [level]),
      ...(confidence === 1 ? [] : [String(confidence)]),
      ...(tags.length === 0 ? [] : [`[${tags.join(' ')}]`]),
      ...(expiresMs === null ? [] : [`until ${new Date(expiresMs).toISOString().slice(0, 10)}`]),
      ...(description === '' ? [] : [`(${description})`]),
    ].join(' '),
  )
  return [...lines, ...[...content.rejected].map(([reason, times]) => `${times} no: ${reason}`)]
}

describe('text', () => {
  test('an empty list holds nothing and refuses nothing', () => {
    assert.deepEqual(read(''), [])
    assert.deepEqual(read('# only\n; comments\n\n'), [])
  })

  test('an error page in place of a list gives nothing', () => {
    assert.deepEqual(read('<!DOCTYPE html>\n<html>evil.example.com</html>'), ['1 no: a web page'])
  })

  test('prose gives nothing', () => {
    assert.deepEqual(read('the service\nis down for maintenance\n'), ['1 no: no column of indicators'])
  })

  test('one a line, with comments, private addresses refused and duplicates once', () => {
    assert.deepEqual(
      read('# list\r\n93.184.216.34\r\n10.0.0.1\r\n\r\n44.4.4.0/24\r\n93.184.216.34\r\nnonsense here\r\n'),
      ['ip 93.184.216.34', 'range 44.4.4.0/24', '1 no: not a public address', '1 no: of no known kind'],
    )
  })

  test('a URL is not cut at what parts columns elsewhere', () => {
    const urls = [1, 2, 3].map((n) => `http://evil${n}.com/a,b/c${n}.exe`)
    assert.deepEqual(
      read(urls.join('\n')),
      urls.map((url) => `url ${url.slice(7)}`),
    )
    assert.deepEqual(read('http://a.com/x;id=1\nhttp://b.com/y#top\nhttp://c.com/1,2|3\n'), [
      'url a.com/x;id=1',
      'url b.com/y',
      'url c.com/1,2|3',
    ])
    assert.deepEqual(read('url\nhttp://a.com/x,y\nhttp://b.com/x,y\n'), ['url a.com/x,y', 'url b.com/x,y'])
  })

  test('what stands behind a URL and is known is a column, and the last row does not decide', () => {
    assert.deepEqual(read('http://a.com/x,high,Bot\nhttp://b.com/y,low,Net\n'), [
      'url a.com/x high (Bot)',
      'url b.com/y low (Net)',
    ])
    assert.deepEqual(read('93.184.216.34,high,a/b\n44.4.4.4,low,a/b\n44.4.4.5 \n'), [
      'ip 93.184.216.34 high (a/b)',
      'ip 44.4.4.4 low (a/b)',
      'ip 44.4.4.5',
    ])
    assert.deepEqual(read('93.184.216.34 # Bot\n44.4.4.4\n'), ['ip 93.184.216.34 (Bot)', 'ip 44.4.4.4'])
  })

  test('a level that cannot be read refuses its row, and takes theirs from no others', () => {
    assert.deepEqual(read('45.33.32.156, critical, c2 box\n93.184.216.34, hihg, typo\n8.8.4.4, low, x\n'), [
      'ip 45.33.32.156 critical (c2 box)',
      'ip 8.8.4.4 low (x)',
      '1 no: a level that cannot be read',
    ])
    assert.deepEqual(read('# IoC, level, description\n45.33.32.5, critical, a\n45.33.32.6, hgih, b\n'), [
      'ip 45.33.32.5 critical (a)',
      '1 no: a level that cannot be read',
    ])
    assert.deepEqual(read('http://a.com/x,high,Bot\nhttp://b.com/y,hihg,Net\nhttp://c.com/z,low\n'), [
      'url a.com/x high (Bot)',
      'url c.com/z low',
      '1 no: a level that cannot be read',
    ])
    assert.deepEqual(read([{ ip: '44.4.4.4', severity: 'grave' }]), ['1 no: a level that cannot be read'])
    assert.deepEqual(read('ip,level\n44.4.4.4,grave\n', { level: 'high' }), ['ip 44.4.4.4 high'])
    for (const open of ['', '-', 'unknown', 'n/a'])
      assert.deepEqual(read(`ip,level\n44.4.4.4,${open}\n`), ['ip 44.4.4.4'])
  })

  test('a number from 0 to 1 is the first level that is not below it, and none where the numbers go further', () => {
    const rows = (...numbers: number[]) =>
      read(`ip,level\n${numbers.map((n, i) => `44.4.4.${i},${n}\n`).join('')}`)
    assert.deepEqual(rows(0, 0.2, 0.21, 0.5, 0.8, 0.81, 1), [
      'ip 44.4.4.0 info',
      'ip 44.4.4.1 low',
      'ip 44.4.4.2',
      'ip 44.4.4.3',
      'ip 44.4.4.4 high',
      'ip 44.4.4.5 critical',
      'ip 44.4.4.6 critical',
    ])
    assert.deepEqual(rows(1, 5), ['2 no: a level that cannot be read'])
    assert.deepEqual(read('ip,level\n44.4.4.0,1\n44.4.4.1,5\n44.4.4.2,high\n'), [
      'ip 44.4.4.2 high',
      '2 no: a level that cannot be read',
    ])
    assert.deepEqual(read('ip,level\n44.4.4.0,5\n', { level: 'low' }), ['ip 44.4.4.0 low'])
    assert.deepEqual(read([{ ip: '44.4.4.4', severity: 0.6 }]), ['ip 44.4.4.4 high'])
  })

  test('one row without a level, or with more cells than the others, leaves the levels of the others', () => {
    const rows = (without: number) =>
      Array.from({ length: 30 }, (_, n) => `44.4.4.${n}, ${n === without ? '' : 'critical'}, c2\n`).join('')
    for (const without of [0, 5, 25]) {
      const levels = readFeed(rows(without), options).indicators.map(({ level }) => level)
      assert.equal(levels.filter((level) => level === 'critical').length, 29, `row ${without}`)
      assert.equal(levels[without], 'medium')
    }
    assert.deepEqual(
      read('1.2.3.99, medium, test, with comma\nevil.com, high, plain\n1.2.3.98, low\n1.2.3.97\n'),
      ['ip 1.2.3.99 (test)', 'domain evil.com high (plain)', 'ip 1.2.3.98 low', 'ip 1.2.3.97'],
    )
  })

  test('a word of a description is no level, and one URL with a level in its path parts no others', () => {
    assert.deepEqual(read('44.4.4.4, Bot\n44.4.4.5, high\n44.4.4.6, Net\n'), [
      'ip 44.4.4.4 (Bot)',
      'ip 44.4.4.5 (high)',
      'ip 44.4.4.6 (Net)',
    ])
    assert.deepEqual(read('http://a.com/x,low\nhttp://b.com/y\nhttp://c.com/z\n'), [
      'url a.com/x,low',
      'url b.com/y',
      'url c.com/z',
    ])
  })

  test('a range by its ends or its mask is the prefixes that hold it, and nothing beyond', () => {
    const dshield =
      'Start\tEnd\tNetblock\tAttacks\tName\n45.33.32.0\t45.33.32.255\t24\t5316\tHost\n44.4.4.0\t44.4.4.255\t24\t12\tNet\n'
    assert.deepEqual(read(dshield), [
      'range 45.33.32.0/24 (Host)',
      'range 44.4.4.0/24 (Net)',
      '1 no: of no known kind',
    ])
    assert.deepEqual(read('1.2.3.0 - 1.2.3.255\n1.2.4.5-1.2.4.8\n2a00:1450::5 - 2a00:1450::5 # one\n'), [
      'range 1.2.3.0/24',
      'ip 1.2.4.5',
      'range 1.2.4.6/31',
      'ip 1.2.4.8',
      'ip 2a00:1450::5 (one)',
    ])
    assert.deepEqual(read('1.2.3.0 1.2.3.127 a b\n1.2.4.0 1.2.5.255 c\n'), [
      'range 1.2.3.0/25 (a b)',
      'range 1.2.4.0/23 (c)',
    ])
    assert.deepEqual(read('1.2.3.0,255.255.255.0,x\n1.2.4.0,255.255.254.0,y\n'), [
      'range 1.2.3.0/24 (x)',
      'range 1.2.4.0/23 (y)',
    ])
    assert.deepEqual(read('1.2.3.0;24\n1.2.4.0;22\n'), ['range 1.2.3.0/24', 'range 1.2.4.0/22'])
    assert.deepEqual(read('start_ip,end_ip,desc\n1.2.3.0,1.2.3.1,x\n1.2.4.9,,y\n'), [
      'range 1.2.3.0/31 (x)',
      'ip 1.2.4.9 (y)',
    ])
    assert.deepEqual(read('network,netmask\n1.2.3.0,255.255.255.0\n1.2.4.0/23,\n'), [
      'range 1.2.3.0/24',
      'range 1.2.4.0/23',
    ])
    assert.deepEqual(read([{ range: 1, ip: '1.2.3.0-1.2.3.3' }]), ['range 1.2.3.0/30'])
  })

  test('addresses beside others, counts and times are no ends of ranges', () => {
    assert.deepEqual(read('45.33.32.156,44.4.4.4\n1.2.3.4,93.184.216.34\n44.4.4.5,44.4.4.1\n'), [
      'ip 45.33.32.156 (44.4.4.4)',
      'ip 1.2.3.4 (93.184.216.34)',
      'ip 44.4.4.5 (44.4.4.1)',
    ])
    assert.deepEqual(read('44.4.4.4,24\n44.4.4.5,16\n44.4.0.0,8\n'), [
      'ip 44.4.4.4 (24)',
      'ip 44.4.4.5 (16)',
      'ip 44.4.0.0 (8)',
    ])
    assert.deepEqual(read('ip,start,end\n44.4.4.4,2024-01-01,2024-01-02\n'), ['ip 44.4.4.4'])
  })

  test('a range that is none, too wide or private is refused once, whatever it is made of', () => {
    assert.deepEqual(
      read('1.2.3.9-1.2.3.4\n1.2.3.4-2a00::1\n1.0.0.1-60.0.0.0\n10.0.0.1-10.0.0.30\n44.4.4.4-44.4.4.5\n'),
      [
        'range 44.4.4.4/31',
        '1 no: a range that ends before it begins',
        '1 no: a range of two kinds of addresses',
        '1 no: too wide a range',
        '1 no: not a public range',
      ],
    )
    assert.deepEqual(read('network,netmask\n1.2.3.0,255.0.255.0\n1.2.3.4,255.255.255.0\n'), [
      '1 no: a mask that cannot be read',
      '1 no: host bits set in a range',
    ])
  })

  test('what a list of an ad blocker spares, and where it hides parts of pages, is not listed', () => {
    const spared = '1 no: an exception from the list'
    assert.deepEqual(read('[Adblock]\n! x\n||evil.com^\n||bad.org^\n@@||good.com^\n'), [
      'domain evil.com',
      'domain bad.org',
      spared,
      '1 no: of no known kind',
    ])
    assert.deepEqual(read('@@||good.com^\n'), [spared])
    assert.deepEqual(read('||evil.com^\nsite.com##.banner\nnews.com,a.org#@#.ad\nshop.com#?#.x\n'), [
      'domain evil.com',
      '3 no: a rule for parts of pages',
    ])
  })

  test('the end of an indicator is read in the forms that lists have, and without one it is refused', () => {
    const day = (text: string) => read(`ip,expires\n93.184.216.34,"${text}"\n`)
    for (const text of [
      '2030-01-02',
      '2030/01/02 10:00',
      '2030-01-02T10:00:00+02:00',
      '2030-01-02 23:30:00 -0020',
      '20300102',
      '1893585600',
      '1893585600000',
      'Wed, 02 Jan 2030 10:00:00 GMT',
    ])
      assert.deepEqual(day(text), [`ip 93.184.216.34 until 2030-01-02`])
    for (const text of ['', '-', 'never', '0']) assert.deepEqual(day(text), ['ip 93.184.216.34'])
    for (const text of ['soon', '02.01.2030', '2030-13-45', '12'])
      assert.deepEqual(day(text), ['1 no: an expiry that cannot be read'], text)
  })

  test('a percentage is told by its whole column', () => {
    const rows = (...numbers: (string | number)[]) =>
      read(`ip,confidence\n${numbers.map((n, i) => `44.4.4.${i},${n}`).join('\n')}\n`)
    assert.deepEqual(rows(1, 90), ['ip 44.4.4.0 0.01', 'ip 44.4.4.1 0.9'])
    assert.deepEqual(rows(1, 0.5), ['ip 44.4.4.0', 'ip 44.4.4.1 0.5'])
    assert.deepEqual(rows('1 %', 'high', 'so so'), [
      'ip 44.4.4.0 0.01',
      'ip 44.4.4.1 0.85',
      '1 no: a confidence that cannot be read',
    ])
    assert.deepEqual(read('ip,confidence_level\n44.4.4.4,1\n'), ['ip 44.4.4.4 0.01'])
  })

  test('the hash of an empty file is the hash of every one', () => {
    const ofNothing = createHash('md5').digest('hex')
    assert.deepEqual(read(`${ofNothing}\n${md5}\n${createHash('sha256').digest('hex').toUpperCase()}\n`), [
      `file_md5 ${md5}`,
      '2 no: the hash of an empty file',
    ])
    assert.deepEqual(read(`first_seen,sha1\n2024-01-01,${createHash('sha1').digest('hex')}\n`), [
      '1 no: the hash of an empty file',
    ])
    assert.deepEqual(read(`${ofNothing}\n`, { tags: ['known-good'] }), ['1 no: the hash of an empty file'])
  })

  test('names that contain the words of headers are read', () => {
    assert.deepEqual(read('profile-login.example.com\ntinyurl-type.score.net\nemail-file-number.org\n'), [
      'domain profile-login.example.com',
      'domain tinyurl-type.score.net',
      'domain email-file-number.org',
    ])
  })

  test('the first line is an indicator like any other, and blanks around a level do not matter', () => {
    assert.deepEqual(read('93.184.216.34, critical, our own\nevil.example.com , low, "and, this"\n'), [
      'ip 93.184.216.34 critical (our own)',
      'domain evil.example.com low (and, this)',
    ])
  })

  test('a range with a reason behind a semicolon', () => {
    assert.deepEqual(read('; DROP list\n44.4.4.0/22 ; SBL1234\n'), ['range 44.4.4.0/22 (SBL1234)'])
  })

  test('an address with a comment or a count behind it', () => {
    assert.deepEqual(read('93.184.216.34 # scanner\n'), ['ip 93.184.216.34 (scanner)'])
    assert.deepEqual(read('93.184.216.34\t7\n93.184.216.35\t6\n'), [
      'ip 93.184.216.34 (7)',
      'ip 93.184.216.35 (6)',
    ])
  })

  test('a hosts file', () => {
    assert.deepEqual(
      read('# hosts\n127.0.0.1 localhost\n0.0.0.0 ads.example.com # ads\n0.0.0.0 track.example.com\n'),
      ['domain ads.example.com', 'domain track.example.com', '1 no: of no known kind'],
    )
  })

  test("Zeek's intelligence files, of types that are looked for", () => {
    const text =
      '#fields\tindicator\tindicator_type\tmeta.source\tmeta.desc\n' +
      `93.184.216.34\tIntel::ADDR\tlab\tC2 server\n${md5}\tIntel::FILE_HASH\tlab\tdropper\nx@y.z\tIntel::EMAIL\tlab\tspam\n`
    assert.deepEqual(read(text), [
      'ip 93.184.216.34 (C2 server)',
      `file_md5 ${md5} (dropper)`,
      '1 no: a type that is not looked for',
    ])
  })
})

test('text in UTF-16 and binary files are named as such', () => {
  const utf16 = Buffer.from('\ufeff93.184.216.34\r\n', 'utf16le').toString('utf8')
  assert.deepEqual([...readFeed(utf16, options).rejected], [['text in UTF-16, where UTF-8 is read', 1]])
  assert.deepEqual([...readFeed('PK\u0003\u0004\u0000abcdef', options).rejected], [['binary file', 1]])
})

describe('columns', () => {
  test('a header in the last comment, quoted', () => {
    const text =
      '# Terms of use\n# "first_seen_utc","dst_ip","dst_port","c2_status","malware"\n' +
      '"2024-01-01 10:00:00","93.184.216.34","443","online","Bot"\n'
    assert.deepEqual(read(text), ['ip 93.184.216.34 (Bot)'])
  })

  test('a header line; the host of a listed URL is not listed', () => {
    const text = `id,host,url,threat,tags\n1,evil.example.com,http://evil.example.com/a.exe,download,"exe,bot"\n`
    assert.deepEqual(read(text), ['url evil.example.com/a.exe [bot exe] (download)'])
  })

  test('what stands beside an address or a name is not listed: networks, numbers, reverse names, owners', () => {
    assert.deepEqual(read('ip,asn,country\n93.184.216.34,16509,US\n44.4.4.4,20473,US\n'), [
      'ip 93.184.216.34',
      'ip 44.4.4.4',
    ])
    assert.deepEqual(read('domain,ip,asn\nevil.example.com,44.4.4.4,13335\n'), ['domain evil.example.com'])
    assert.deepEqual(read('ip,domain\n44.4.4.4,example.com\n'), ['ip 44.4.4.4'])
    assert.deepEqual(read('network,ip,hostname\n44.0.0.0/8,44.4.4.4,pool-4.example.net\n'), ['ip 44.4.4.4'])
    assert.deepEqual(read(`ip,jarm,ja3\n44.4.4.4,${'0'.repeat(62)},${md5}\n`), ['ip 44.4.4.4'])
    assert.deepEqual(read([{ hostname: 'pool-4.example.net', asn: 7922, ip_address: '44.4.4.4' }]), [
      'ip 44.4.4.4',
    ])
    assert.deepEqual(
      read({
        data: [{ domain: 'example.com', hostnames: ['a.example.com'], ipAddress: '44.4.4.4', isp: 'x' }],
      }),
      ['ip 44.4.4.4'],
    )
  })

  test('a row that leaves its address open does not list what stands beside it instead', () => {
    assert.deepEqual(read('ip,asn\n,16509\n44.4.4.4,16509\n'), ['ip 44.4.4.4', '1 no: no value'])
    assert.deepEqual(read([{ ip: null, asn: 16509 }]), ['1 no: no value'])
  })

  test('of columns for several kinds, each row fills its own', () => {
    assert.deepEqual(read('ip,domain,url\n44.4.4.4,-,\n,evil.example.com,\n,,http://evil.example.net/x\n'), [
      'ip 44.4.4.4',
      'domain evil.example.com',
      'url evil.example.net/x',
    ])
  })

  test('numbers, networks and host names count where a row has nothing else', () => {
    assert.deepEqual(read('asn,name\nAS64496,Example\n'), ['asn AS64496'])
    assert.deepEqual(read('hostname,asn\nevil.example.com,16509\n'), ['domain evil.example.com'])
    assert.deepEqual(read('cidr,asn\n44.4.4.0/24,16509\n'), ['range 44.4.4.0/24'])
    assert.deepEqual(
      read('{"asn":64496,"rir":"arin","domain":"example.com"}\n{"cidr":"44.4.4.0/24","rir":"arin"}\n'),
      ['asn AS64496', 'range 44.4.4.0/24'],
    )
  })

  test('a column of types and one of confidence', () => {
    const text =
      'ioc_value,ioc_type,confidence_level,malware_printable,valid_until\n' +
      '93.184.216.34:443,ip:port,75,Bot,2030-01-02\nevil.example.com,domain,100,Bot,\n' +
      `${sha256},sha256_hash,50,Bot,\nx,mutex,1,Bot,\n`
    assert.deepEqual(read(text), [
      'ip 93.184.216.34 0.75 until 2030-01-02 (Bot)',
      'domain evil.example.com (Bot)',
      `file_sha256 ${sha256} 0.5 (Bot)`,
      '1 no: a type that is not looked for',
    ])
  })

  test('fingerprints of clients, and certificates where the list says so', () => {
    assert.deepEqual(read(`# ja3_md5,Firstseen,Lastseen,Listingreason\n${md5},2024-01-01,2024-01-02,Bot\n`), [
      `ja3 ${md5} (Bot)`,
    ])
    assert.deepEqual(
      read(
        `# SSL Certificate Blacklist (SHA1 Fingerprints)\n# Listingdate,SHA1,Listingreason\n2024-01-01,${sha1},C2\n`,
      ),
      [`certificate_sha1 ${sha1} (C2)`],
    )
  })

  test('MD5 hashes are of files, unless the list is called one of JA3 and holds nothing else', () => {
    const row = `${md5}, high, Bot\n`
    assert.deepEqual(read(row), [`file_md5 ${md5} high (Bot)`])
    assert.deepEqual(read(row, { about: 'ninja3.csv' }), [`file_md5 ${md5} high (Bot)`])
    assert.deepEqual(read(`${row}93.184.216.34, high, Bot\n`, { about: 'ja3.csv' }), [
      `file_md5 ${md5} high (Bot)`,
      'ip 93.184.216.34 high (Bot)',
    ])
    assert.deepEqual(read(row, { about: 'own_malicious_JA3.csv' }), [`ja3 ${md5} high (Bot)`])
    assert.deepEqual(read(`# JA3 of our own\n${row}`), [`ja3 ${md5} high (Bot)`])
  })

  test('a local list of JARM fingerprints is read as it comes, but for that of no answer', () => {
    const jarm = `29d29d${'0'.repeat(24)}${'3'.repeat(32)}`
    const rows = `\n# JARM, level, description\n${jarm}, high, Bot\n${jarm.replaceAll('3', '4')}, low, Kit\n${'0'.repeat(62)}, high, Nothing\n`
    assert.deepEqual(read(rows, { about: 'own_malicious_JARM.csv' }), [
      `jarm ${jarm} high (Bot)`,
      `jarm ${jarm.replaceAll('3', '4')} low (Kit)`,
      '1 no: the JARM of a server that answers nothing',
    ])
    assert.deepEqual(read(`${jarm}, high, Bot\n`, { kind: 'jarm' }), [`jarm ${jarm} high (Bot)`])
  })

  test('no feed says what a probe of ours found', () => {
    assert.deepEqual(read('type,value\ntls_server,93.184.216.34:443\nip,93.184.216.35\n'), [
      'ip 93.184.216.35',
      '1 no: a type that is not looked for',
    ])
  })

  test('without a header, the first column that holds indicators', () => {
    assert.deepEqual(read('1;2024-01-01;evil.example.com;bad\n2;2024-01-02;evil.example.net;worse\n'), [
      'domain evil.example.com (bad)',
      'domain evil.example.net (worse)',
    ])
  })

  test('what the importer says goes before what the rows say', () => {
    assert.deepEqual(
      read(`value,level,confidence\n${md5},low,50\n`, {
        level: 'high',
        confidence: 0.9,
        kind: 'ja3',
        tags: ['mine'],
      }),
      [`ja3 ${md5} high 0.9 [mine]`],
    )
  })
})

describe('JSON', () => {
  test('what is no list of indicators gives nothing', () => {
    assert.deepEqual(read({ error: 'unknown key' }), ['1 no: no field of indicators'])
    assert.deepEqual(read('{"a":'), ['1 no: not JSON'])
  })

  test('lists of texts and of objects', () => {
    assert.deepEqual(read(['93.184.216.34', 'evil.example.com']), [
      'ip 93.184.216.34',
      'domain evil.example.com',
    ])
    assert.deepEqual(read([{ DomainAddress: 'evil.example.com', InsertDate: '2024-01-01' }]), [
      'domain evil.example.com',
    ])
  })

  test('every value of a field that holds several', () => {
    assert.deepEqual(read({ ip: ['93.184.216.34', '44.4.4.4'], url: [], level: 'high' }), [
      'ip 93.184.216.34 high',
      'ip 44.4.4.4 high',
    ])
  })

  test('objects under ids, as abuse.ch exports them', () => {
    assert.deepEqual(
      read({
        '1': [{ ioc_value: 'evil.example.com', ioc_type: 'domain', confidence_level: 90, tags: 'a,b' }],
        '2': [{ ioc_value: '93.184.216.34:80', ioc_type: 'ip:port' }],
      }),
      ['domain evil.example.com 0.9 [a b]', 'ip 93.184.216.34'],
    )
  })

  test('one object a line, with objects inside', () => {
    assert.deepEqual(
      read(
        '{"ip":{"v4":"93.184.216.34"},"src":{"name":["lab"]},"tags":{"str":"bot,c2"}}\n{broken\n{"ip":{"v4":"10.0.0.1"}}\n',
      ),
      ['ip 93.184.216.34 [bot c2] (lab)', '1 no: not JSON', '1 no: not a public address'],
    )
  })
})

describe('STIX', () => {
  const indicator = (pattern: string, more: object = {}) => ({
    type: 'indicator',
    id: 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f',
    pattern_type: 'stix',
    pattern,
    ...more,
  })
  const bundle = (...objects: object[]) => ({ type: 'bundle', id: 'bundle--1', objects })

  test('what is not an indicator is passed over, what is revoked is refused', () => {
    assert.deepEqual(
      read(
        bundle(
          { type: 'malware', id: 'malware--1', name: 'Bot' },
          indicator("[domain-name:value = 'evil.example.com']", { revoked: true }),
          indicator('alert tcp any any', { pattern_type: 'snort' }),
        ),
      ),
      ['1 no: revoked', '1 no: a pattern that is not STIX'],
    )
  })

  test('what must be seen together is not listed apart', () => {
    assert.deepEqual(
      read(
        bundle(
          indicator("[network-traffic:dst_ref.value = '93.184.216.34' AND network-traffic:dst_port = 443]"),
          indicator("[url:value = 'x'] FOLLOWEDBY [url:value = 'y']"),
          indicator("[domain-name:value != 'a.com']"),
          indicator("[process:name = 'x']"),
          indicator("[domain-name:value LIKE '%.com']"),
          indicator("[domain-name:value = 'a.com"),
        ),
      ),
      [
        '3 no: a pattern of several things at once',
        '1 no: a type that is not looked for',
        '1 no: a comparison that is not looked for',
        '1 no: not a STIX pattern',
      ],
    )
  })

  test('values of all kinds, alternatives, ranges and lists', () => {
    assert.deepEqual(
      read(
        bundle(
          indicator("[ipv4-addr:value = '93.184.216.34'] OR [domain-name:value = 'evil.example.com']", {
            name: 'Bot C2',
            confidence: 80,
            labels: ['c2'],
            valid_until: '2030-01-02T00:00:00Z',
          }),
          indicator("[ipv4-addr:value ISSUBSET '44.4.4.0/24']"),
          indicator(`[file:hashes.'SHA-256' = '${sha256}' OR file:hashes.MD5 = '${md5}']`),
          indicator("[url:value IN ('http://evil.example.com/it\\'s', 'http://evil.example.com/b')]"),
          indicator(`[x509-certificate:hashes.'SHA-1' = '${sha1}']`),
          indicator('[autonomous-system:number = 64496]'),
        ),
      ),
      [
        'ip 93.184.216.34 0.8 [c2] until 2030-01-02 (Bot C2)',
        'domain evil.example.com 0.8 [c2] until 2030-01-02 (Bot C2)',
        'range 44.4.4.0/24',
        `file_sha256 ${sha256}`,
        `file_md5 ${md5}`,
        "url evil.example.com/it's",
        'url evil.example.com/b',
        `certificate_sha1 ${sha1}`,
        'asn AS64496',
      ],
    )
  })

  test('what is said to be benign is not listed', () => {
    assert.deepEqual(
      read(bundle(indicator("[ipv4-addr:value = '93.184.216.34']", { indicator_types: ['benign'] }))),
      ['1 no: said to be benign'],
    )
  })

  test('what becomes valid later is not listed yet, and has its text read again', () => {
    const later = bundle(
      indicator("[ipv4-addr:value = '93.184.216.34']", { valid_from: '2030-01-02T00:00:00.000000Z' }),
    )
    assert.deepEqual(read(later, {}, Date.UTC(2030, 0, 1)), ['1 no: not valid yet'])
    assert.ok(readFeed(JSON.stringify(later), options, Date.UTC(2030, 0, 1)).isPending)
    assert.deepEqual(read(later, {}, Date.UTC(2030, 0, 2)), ['ip 93.184.216.34'])
  })

  test('of several versions the newest counts alone, also when it takes the others back', () => {
    const version = (value: string, modified: string, more = {}) =>
      indicator(`[ipv4-addr:value = '${value}']`, { modified: `2026-01-0${modified}T00:00:00Z`, ...more })
    const taken = version('44.4.4.4', '3', { revoked: true })
    assert.deepEqual(read(bundle(version('44.4.4.4', '2'), taken, version('44.4.4.4', '1'))), [
      '2 no: an older version',
      '1 no: revoked',
    ])
    assert.deepEqual(read(bundle(version('44.4.4.5', '2'), version('44.4.4.4', '1'))), [
      'ip 44.4.4.5',
      '1 no: an older version',
    ])
  })

  test('the envelope of a TAXII collection', () => {
    assert.deepEqual(read({ more: false, objects: [indicator("[ipv4-addr:value = '93.184.216.34']")] }), [
      'ip 93.184.216.34',
    ])
  })
})

describe('MISP', () => {
  const event = {
    info: 'Campaign',
    threat_level_id: '1',
    Tag: [{ name: 'tlp:white' }],
    Attribute: [
      { type: 'ip-dst|port', value: '93.184.216.34|443', to_ids: true, comment: 'C2' },
      { type: 'domain|ip', value: 'evil.example.com|93.184.216.35', to_ids: true },
      { type: 'domain', value: 'fine.example.com', to_ids: false },
      { type: 'comment', value: 'text', to_ids: true },
      { type: 'md5', value: md5, to_ids: true, deleted: true },
    ],
    Object: [
      {
        Attribute: [
          { type: 'filename|sha256', value: `a.exe|${sha256}`, to_ids: true, Tag: [{ name: 'exe' }] },
        ],
      },
    ],
  }
  const expected = [
    'ip 93.184.216.34 high [tlp:white] (Campaign: C2)',
    'domain evil.example.com high [tlp:white] (Campaign)',
    `file_sha256 ${sha256} high [exe tlp:white] (Campaign)`,
    '1 no: not marked for detection',
    '1 no: a type that is not looked for',
  ]

  test('an event of a feed, of a search and of an export', () => {
    assert.deepEqual(read({ Event: event }), expected)
    assert.deepEqual(read({ response: [{ Event: event }] }), expected)
    assert.deepEqual(read([{ Event: event }]), expected)
    assert.deepEqual(read(event), expected)
  })

  test('the answer of a search for attributes', () => {
    const attributes = [
      { type: 'domain', value: 'fine.example.com', to_ids: false },
      { type: 'ip-dst', value: '44.4.4.4', to_ids: true, deleted: '1' },
      { type: 'ip-dst', value: '44.4.4.5', to_ids: '1', Event: { info: 'Campaign', threat_level_id: '1' } },
    ]
    const found = ['ip 44.4.4.5 high (Campaign)', '1 no: not marked for detection']
    assert.deepEqual(read({ response: { Attribute: attributes } }), found)
    assert.deepEqual(read({ Attribute: attributes }), found)
  })
})
