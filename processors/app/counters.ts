/** What detection let pass without a finding, counted so that nothing is lost in silence. One for a whole application. */
export class DetectionCounters {
  /** Records of hosts outside the stated home networks. */
  outsiders = 0
  /** Records that a whitelist rule took out, by rule. */
  readonly droppedByRule = new Map<string, number>()
  /** Evidence that a whitelist rule took out, by rule. */
  readonly suppressedByRule = new Map<string, number>()
  /** Of that, what was beyond what is written of one host, detector and window, by rule. */
  readonly unwrittenByRule = new Map<string, number>()
  /** Evidence beyond what one host may cause in one window, by detector. */
  readonly floodedByDetector = new Map<string, number>()
  /** Evidence that reached its alert when the window was over. */
  lateEvidence = 0
  /** Records that came after their window's grace, by detector that would have seen them. */
  readonly lateByDetector = new Map<string, number>()
  /** Records lost to a detector that threw, by detector. */
  readonly failuresByDetector = new Map<string, number>()
  /** The first failure of each detector, for the log. */
  readonly firstFailures = new Map<string, unknown>()

  dropped(rule: string): void {
    add(this.droppedByRule, rule)
  }

  suppressed(rule: string): void {
    add(this.suppressedByRule, rule)
  }

  unwritten(rule: string): void {
    add(this.unwrittenByRule, rule)
  }

  flooded(detector: string): void {
    add(this.floodedByDetector, detector)
  }

  late(detector: string): void {
    add(this.lateByDetector, detector)
  }

  failed(detector: string, error: unknown): void {
    add(this.failuresByDetector, detector)
    if (!this.firstFailures.has(detector)) this.firstFailures.set(detector, error)
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
