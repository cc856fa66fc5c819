import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseAvroSchema } from '../avro-schema.ts'
import { SchemaError } from '../schema-error.ts'
import { docComment } from './doc-comment.ts'
import { generatedFiles } from './generated-files.ts'
import { readSchemaFolder } from './schema-folder.ts'

const root = join(import.meta.dirname, '..')

describe('generated files', () => {
  for (const [name, text] of generatedFiles()) {
    test(`${name} is what node schemas/generate.ts writes`, () => {
      assert.equal(readFileSync(join(root, name), 'utf8'), text)
    })
  }

  test('each kind of record is listed once, with a head in front of its fields', () => {
    const { kinds } = readSchemaFolder(join(root, 'avro'))
    assert.equal(new Set(kinds.map((kind) => kind.kind)).size, kinds.length)
    for (const kind of kinds) assert.equal(kind.fields[0]?.name, 'head', kind.kind)
  })

  test('what may be null has null first, as a default of null demands', () => {
    for (const type of readSchemaFolder(join(root, 'avro')).named.values()) {
      if (type.form !== 'record') continue
      for (const { name, type: field } of type.fields) {
        if (field.form !== 'union') continue
        const first = field.branches[0]
        assert.equal(first?.form === 'primitive' && first.name, 'null', `${type.name}.${name}`)
      }
    }
  })

  test('a schema that uses a form we do not support, or a name before its definition, is refused', () => {
    for (const json of [
      'Nothing',
      { type: 'fixed', name: 'F', size: 4 },
      5,
      null,
      { type: 'record', name: 'R' },
    ]) {
      assert.throws(() => parseAvroSchema(json, new Map()), SchemaError, JSON.stringify(json))
    }
  })
})

test('a comment that does not fit on a line becomes a block without a line over the width', () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ')
  const lines = docComment(words, '  ').split('\n')
  assert.equal(lines[0], '  /**')
  assert.equal(lines.at(-2), '   */')
  assert.ok(lines.every((line) => line.length <= 120))
  assert.equal(
    lines
      .slice(1, -2)
      .map((line) => line.slice('   * '.length))
      .join(' '),
    words,
  )
})
