import { transportContract } from '../../topology/transport/transport.contract.ts'
import { openKafka } from './broker-under-test.ts'

transportContract('Kafka, exactly-once,', () => openKafka())
transportContract('Kafka, at-least-once,', () => openKafka({ guarantee: 'at-least-once' }))
