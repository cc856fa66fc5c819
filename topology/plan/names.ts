import { topologyError } from '../errors.ts'

/** Kafka's own rule for topics is 249 characters; the rest is left for prefix and suffix. */
const usable = /^[A-Za-z0-9._-]{1,200}$/

export function checkName(what: string, name: string): void {
  if (!usable.test(name) || name === '.' || name === '..') throw topologyError.BAD_NAME({ what, name })
}

export function repartitionTopic(application: string, step: string): string {
  return `${application}-${step}-repartition`
}

export function changelogTopic(application: string, store: string): string {
  return `${application}-${store}-changelog`
}

export function deadLetterTopic(application: string): string {
  return `${application}-dead-letters`
}

/** Where the tasks of an application tell each other how far they have come. */
export function progressTopic(application: string): string {
  return `${application}-progress`
}
