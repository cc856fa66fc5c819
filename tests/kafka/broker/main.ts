/**
 * `start [--registry]`, `stop`, `reset`: the broker of the Kafka tests. Prints nothing on standard output but shell lines to
 * evaluate: `eval "$(node tests/kafka/broker/main.ts start)"`.
 */
import { join } from 'node:path'
import { removeBrokerData, startBroker, stopBroker } from './broker.ts'
import { registryUrl, startRegistry, stopRegistry } from './registry.ts'
import { host, readSettings } from './settings.ts'

const [verb, ...options] = process.argv.slice(2)
const settings = readSettings(process.env, join(import.meta.dirname, '..', '..', '..'))

try {
  if (verb === 'start') {
    await startBroker(settings)
    console.log(`export WEIR_BROKERS=${host}:${settings.port}`)
    if (options.includes('--registry')) {
      await startRegistry(settings)
      console.log(`export WEIR_REGISTRY=${registryUrl(settings)}`)
    }
  } else if (verb === 'stop' || verb === 'reset') {
    const stopped = [await stopRegistry(settings), await stopBroker(settings)]
    if (verb === 'reset') removeBrokerData(settings)
    console.error(stopped.includes(true) ? 'stopped' : 'nothing was running')
  } else {
    console.error('usage: node tests/kafka/broker/main.ts start [--registry] | stop | reset')
    process.exitCode = 2
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
