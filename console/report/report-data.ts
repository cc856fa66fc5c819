/** What the report is made from. */
import type { CanonicalAlert, Level, Summary } from '@weir/schemas'
import type { EvidenceGroup } from './evidence-groups.ts'
import type { Style } from './style.ts'

export type ReportAlert = {
  readonly alert: CanonicalAlert
  /** The weightiest of what is behind it, by event time. */
  readonly evidence: readonly EvidenceGroup[]
}

/** What is held against one host over the whole input. */
export type ReportHost = {
  readonly site: string
  readonly profile: string
  readonly names: readonly string[]
  readonly alerts: number
  /** Of its alerts. */
  readonly alertWeight: number
  /** Of its evidence. */
  readonly weight: number
  /** Evidence at or above the level asked for, by type. */
  readonly types: ReadonlyMap<string, number>
}

/** Event times of the first and the last record. */
export type Coverage = { readonly fromMs: number; readonly toMs: number }

export type ReportData = {
  readonly summary: Summary
  readonly coverage: Coverage | null
  /** Those to be shown, in order of time. */
  readonly alerts: readonly ReportAlert[]
  /** In order of the weight of their alerts, then of their evidence, the gravest first. */
  readonly hosts: readonly ReportHost[]
  readonly minLevel: Level
  readonly out: string
}

/** `width`: no line is wider. */
export type ReportOptions = { readonly width: number; readonly style: Style }

/** Hosts whose alerts are shown, and alerts of each: what fits on a screen or two. */
export const mostAlertHosts = 10
export const mostAlertsPerHost = 5
export const mostEvidencePerAlert = 5
