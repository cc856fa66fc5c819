import { pbkdf2Sync } from 'node:crypto'
import { alterUserScramCredentialsV0, createAclsV3 } from '@platformatic/kafka'
import type { Operation, Right } from '../../../console/kafka/rights.ts'
import type { Cluster } from '../../../topology/transport/kafka/cluster.ts'

const iterations = 4_096
const mechanisms = { 'SCRAM-SHA-256': [1, 'sha256', 32], 'SCRAM-SHA-512': [2, 'sha512', 64] } as const

/** A user of SCRAM whom the broker knows from now on. */
export async function makeUser(
  cluster: Cluster,
  name: string,
  password: string,
  mechanism: keyof typeof mechanisms = 'SCRAM-SHA-512',
): Promise<void> {
  const [code, hash, length] = mechanisms[mechanism]
  // Of no use to anyone outside the tests: it need not be unguessable.
  const salt = Buffer.from(`salt of ${name}`)
  const saltedPassword = pbkdf2Sync(password, salt, iterations, length, hash)
  const asked = [{ name, mechanism: code, iterations, salt, saltedPassword }]
  const [broker = -1] = cluster.brokerIds
  await cluster.call('test', broker, 'make user', alterUserScramCredentialsV0.api, [], asked)
}

const operations: Readonly<Record<Operation, 3 | 4 | 5 | 6 | 8 | 10>> = {
  Read: 3,
  Write: 4,
  Create: 5,
  Delete: 6,
  Describe: 8,
  DescribeConfigs: 10,
}
const resources = { topic: 2, group: 3, 'transactional-id': 5 } as const

/** Grants these rights, over names with this prefix in front. */
export async function grant(
  cluster: Cluster,
  user: string,
  rights: readonly Right[],
  namePrefix = '',
): Promise<void> {
  const acls = rights.flatMap(({ over, name, isPrefix, may }) =>
    may.map((operation) => ({
      resourceType: resources[over],
      resourceName: namePrefix + name,
      resourcePatternType: isPrefix ? (4 as const) : (3 as const),
      principal: `User:${user}`,
      host: '*',
      operation: operations[operation],
      permissionType: 3 as const,
    })),
  )
  const [broker = -1] = cluster.brokerIds
  await cluster.call('test', broker, 'grant rights', createAclsV3.api, acls)
}
