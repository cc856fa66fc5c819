import type { AvroType } from './avro-schema.ts'
import type { Reader } from './wire.ts'

/** Reads past one value of the type and keeps nothing of it. Throws `SCHEMA_BAD_BYTES` where the bytes are not one. */
export function skim(type: AvroType, reader: Reader): void {
  switch (type.form) {
    case 'primitive':
      if (type.name !== 'null') reader[type.name]()
      return
    case 'enum':
      reader.symbol(type.symbols)
      return
    case 'record':
      for (const field of type.fields) skim(field.type, reader)
      return
    case 'array':
      reader.list(() => skim(type.items, reader))
      return
    case 'map':
      reader.map(() => skim(type.values, reader))
      return
    case 'union': {
      const branch = type.branches[reader.branch(type.branches.length)]
      if (branch !== undefined) skim(branch, reader)
    }
  }
}
