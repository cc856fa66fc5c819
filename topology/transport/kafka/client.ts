/**
 * The parts of the client library that are used: its connections, and its requests and answers in versions fixed here. Its front door also
 * loads its producer and consumer, its registries and what these are made with, none of which is used: an eighth of a second, and 10 MB of
 * every process. So they are taken from the files beside it, by names that another version of the library may have elsewhere.
 */
import type * as library from '@platformatic/kafka'

export type { API, Reader, SASLOptions } from '@platformatic/kafka'
export type Connection = library.Connection
export type Writer = library.Writer

type Library = typeof library

const frontDoor = import.meta.resolve('@platformatic/kafka')

async function partsOf<Name extends keyof Library>(
  file: string,
  ...names: readonly Name[]
): Promise<Pick<Library, Name>> {
  const parts: Pick<Library, Name> = await import(new URL(file, frontDoor).href)
  for (const name of names)
    if (!(name in parts)) throw new Error(`${file} of @platformatic/kafka has no ${name}`)
  return parts
}

export const { MultipleErrors, ProtocolError } = await partsOf('errors.js', 'MultipleErrors', 'ProtocolError')

export const { Connection } = await partsOf('network/connection.js', 'Connection')

export const { compressionsAlgorithms, compressionsAlgorithmsByBitmask, crc32c, Writer } = await partsOf(
  'protocol/index.js',
  'compressionsAlgorithms',
  'compressionsAlgorithmsByBitmask',
  'crc32c',
  'Writer',
)

export const {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
} = await partsOf(
  'clients/consumer/consumer-protocol.js',
  'decodeConsumerProtocolAssignment',
  'decodeConsumerProtocolSubscription',
  'encodeConsumerProtocolAssignment',
  'encodeConsumerProtocolSubscription',
)

export const {
  addOffsetsToTxnV3,
  addPartitionsToTxnV3,
  createTopicsV7,
  deleteRecordsV2,
  describeConfigsV4,
  endTxnV3,
  fetchV13,
  findCoordinatorV4,
  heartbeatV4,
  initProducerIdV4,
  joinGroupV7,
  leaveGroupV5,
  listOffsetsV7,
  listTransactionsV0,
  metadataV12,
  offsetCommitV8,
  offsetFetchV8,
  produceV9,
  syncGroupV5,
  txnOffsetCommitV3,
} = await partsOf(
  'apis/index.js',
  'addOffsetsToTxnV3',
  'addPartitionsToTxnV3',
  'createTopicsV7',
  'deleteRecordsV2',
  'describeConfigsV4',
  'endTxnV3',
  'fetchV13',
  'findCoordinatorV4',
  'heartbeatV4',
  'initProducerIdV4',
  'joinGroupV7',
  'leaveGroupV5',
  'listOffsetsV7',
  'listTransactionsV0',
  'metadataV12',
  'offsetCommitV8',
  'offsetFetchV8',
  'produceV9',
  'syncGroupV5',
  'txnOffsetCommitV3',
)
