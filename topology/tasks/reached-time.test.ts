import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { diskTransport } from '../transport/embedded/open.ts'
import type { OpenTransport } from '../transport/transport.contract.ts'
import { reachedTimeContract } from './reached-time.contract.ts'

async function openDisk(): Promise<OpenTransport> {
  const directory = await mkdtemp(join(tmpdir(), 'weir-reached-'))
  const openAt = async (): Promise<OpenTransport> => {
    const transport = await diskTransport(directory)
    return {
      transport,
      isAtomic: true,
      sharesMemory: true,
      expelOthers: (group, keep) => transport.expel(group, keep),
      restart: async () => {
        await transport.close()
        return openAt()
      },
      close: async () => {
        await transport.close()
        await rm(directory, { recursive: true })
      },
    }
  }
  return openAt()
}

for (const stores of ['memory', 'disk'] as const)
  reachedTimeContract(`stores in ${stores}`, openDisk, { seeds: 8, stores })
