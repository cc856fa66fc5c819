import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { alertCodec } from '../codec.ts'
import { historyFaults } from './history.ts'

const history = join(import.meta.dirname, '..', 'avro', 'history')

function alertWith(field: object): { readonly schema: string } {
  const schema: { fields: object[] } = JSON.parse(alertCodec.schema)
  schema.fields.push(field)
  return { schema: JSON.stringify(schema) }
}

test('every released schema can be read with the present one', async () => {
  assert.deepEqual(await historyFaults(history), [])
})

test('a new field is compatible with a default alone', async () => {
  const added = { name: 'added', type: 'string' }
  assert.deepEqual(await historyFaults(history, { alert: alertWith({ ...added, default: '' }) }), [])
  const [fault = ''] = await historyFaults(history, { alert: alertWith(added) })
  assert.match(fault, /^the present alert schema cannot read what v1 wrote: .*added/)
})
