import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { WeirError } from '@weir/topology/kit'
import { serve } from '../testing/http-server.ts'
import { folderWith } from '../testing/weir-run.ts'
import { type FetchOptions, fetchSource } from './fetch-source.ts'
import { shownSource } from './shown-source.ts'

const plain: FetchOptions = { known: null, headers: {}, isTaxii: false, timeoutMs: 5_000 }
const withKey: FetchOptions = { ...plain, headers: { 'x-key': 'secret' } }

const unreachable = (part: string) => (error: unknown) =>
  error instanceof WeirError && error.code === 'CONSOLE_FEED_UNREACHABLE' && error.message.includes(part)

async function textOf(source: string, options: FetchOptions): Promise<string> {
  const fetched = await fetchSource(source, options)
  return fetched.isChanged ? fetched.text : 'unchanged'
}

describe('redirects', () => {
  test('are followed on the same server, with the headers', async (t) => {
    const service = await serve(t, ({ path }) =>
      path === '/old' ? { status: 302, headers: { location: '/new' } } : { body: '44.4.4.4' },
    )
    assert.equal(await textOf(`${service.url}/old`, withKey), '44.4.4.4')
    assert.equal(service.asked.at(-1)?.headers['x-key'], 'secret')
  })

  test('never carry a header to another server', async (t) => {
    const other = await serve(t, () => ({ body: '44.4.4.4' }))
    const first = await serve(t, () => ({ status: 302, headers: { location: `${other.url}/x` } }))
    await assert.rejects(fetchSource(`${first.url}/x`, withKey), unreachable('redirects to'))
    assert.equal(other.asked.length, 0)
    assert.equal(await textOf(`${first.url}/x`, plain), '44.4.4.4')
  })

  test('without end are an error', async (t) => {
    const service = await serve(t, () => ({ status: 301, headers: { location: '/again' } }))
    await assert.rejects(fetchSource(`${service.url}/x`, plain), unreachable('without end'))
  })
})

test('what is damaged or grows without end when it is unpacked is an error of the feed', async (t) => {
  const folder = folderWith(t)
  const list = gzipSync('44.4.4.4\n'.repeat(1_000))
  writeFileSync(join(folder, 'cut.gz'), list.subarray(0, list.length - 20))
  await assert.rejects(fetchSource(join(folder, 'cut.gz'), plain), unreachable('damaged'))
  writeFileSync(join(folder, 'bomb.gz'), gzipSync(Buffer.alloc(257 * 1024 * 1024)))
  await assert.rejects(fetchSource(join(folder, 'bomb.gz'), plain), unreachable('too large'))
})

describe('a page of a TAXII collection that is not the last', () => {
  const page = (ip: string, more: boolean) => JSON.stringify({ more, objects: [{ id: ip }] })
  const taxii: FetchOptions = { ...plain, isTaxii: true }

  test('and names no next one is followed by what was added later', async (t) => {
    const service = await serve(t, ({ path }) =>
      path.includes('added_after')
        ? { body: page('two', false) }
        : { body: page('one', true), headers: { 'x-taxii-date-added-last': '2026-01-05T10:00:00.000Z' } },
    )
    assert.equal(await textOf(`${service.url}/x`, taxii), '{"objects":[{"id":"one"},{"id":"two"}]}')
    assert.ok(service.asked[1]?.path.includes('added_after=2026-01-05T10%3A00%3A00.000Z'))
  })

  test('and says nothing of the rest is an error, and never all there is', async (t) => {
    const service = await serve(t, () => ({ body: page('one', true) }))
    await assert.rejects(fetchSource(`${service.url}/x`, taxii), unreachable('does not say where'))
  })
})

test('what may be a key is not shown of an address', async (t) => {
  assert.equal(shownSource('https://user:pass@example.org/a/b?key=secret#x'), 'https://example.org/a/b?…')
  assert.equal(shownSource('https://example.org/a'), 'https://example.org/a')
  assert.equal(shownSource('/lists/what?.txt'), '/lists/what?.txt')
  const service = await serve(t, () => undefined)
  await assert.rejects(
    fetchSource(`${service.url}/x?key=secret`, plain),
    (error) => error instanceof WeirError && !error.message.includes('secret'),
  )
})
