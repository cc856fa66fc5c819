import type { Check } from '../analyze/setting-checks.ts'

/** Who the processors are when nobody says otherwise. */
export const defaultApplication = 'weir'

/**
 * What a topic of the table is called for an application. Flows are everybody's; evidence, alerts and dead letters carry the name of
 * the application that writes them, so that two of them over the same flows hear nothing of each other.
 */
export function topicOf(application: string, { name }: { readonly name: string }): string {
  return `${application}${endingOf({ name })}`
}

/** What its name ends with, whoever writes it. */
export function endingOf({ name }: { readonly name: string }): string {
  return name.slice(defaultApplication.length)
}

/** Part of the names of topics, a group, transactional ids and a metric label: no dot, which ends it in the names of topics. */
export const applicationName: Check<string> = (given, name) =>
  typeof given === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$/.test(given)
    ? { value: given }
    : { wrong: [`${name} must be up to 60 letters, digits, - and _, not '${String(given)}'`] }
