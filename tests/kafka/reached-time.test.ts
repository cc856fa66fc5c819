import { reachedTimeContract } from '../../topology/tasks/reached-time.contract.ts'
import { openKafka } from './broker-under-test.ts'

reachedTimeContract('on Kafka', () => openKafka(), { seeds: 0 })
