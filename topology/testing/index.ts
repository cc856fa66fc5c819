export { OperatorUnderTest } from './operator-under-test.ts'
export { SeededRandom } from './seeded-random.ts'
export { TopologyDriver } from './topology-driver.ts'
