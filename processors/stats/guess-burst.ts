/**
 * Sessions with one service that begin shortly after one another and are alike both ways: what guessing passwords looks like to a sensor
 * that sees flows and nothing of what is in them.
 */

export type Burst = {
  /** The latest guesses of the present stretch: when each began, and its payload each way. */
  times: number[]
  sent: number[]
  received: number[]
  /** Guesses of the stretch, and sessions in it that did more. */
  guesses: number
  larger: number
  firstMs: number
  lastMs: number
  /** Of the client, in the latest guess. */
  lastPort: number
  /** Number last told of. */
  said: number
  uids: readonly string[]
}

/** By server and port, the one heard of longest ago first. */
export type Bursts = Map<string, Burst>

const MAX_SERVICES = 64
/** Guesses remembered; also the most that can be asked for within the span. */
const MAX_KEPT = 40

/** The burst of that service, from now on the one heard of last. */
export function burstOf(bursts: Bursts, name: string, tsMs: number): Burst {
  const known = bursts.get(name)
  if (known !== undefined) bursts.delete(name)
  else if (bursts.size >= MAX_SERVICES) {
    for (const oldest of bursts.keys()) {
      bursts.delete(oldest)
      break
    }
  }
  const burst = known ?? newBurst(tsMs)
  bursts.set(name, burst)
  return burst
}

/**
 * Adds a session that may have been a guess. Whenever fewer than `atLeast` fall within `spanMs`, the stretch is over and
 * another begins with those.
 */
export function addToBurst(
  burst: Burst,
  tsMs: number,
  sent: number,
  received: number,
  atLeast: number,
  spanMs: number,
): void {
  const enough = Math.min(atLeast, MAX_KEPT)
  burst.times.push(tsMs)
  burst.sent.push(sent)
  burst.received.push(received)
  burst.lastMs = Math.max(burst.lastMs, tsMs)
  const { times } = burst
  let recent = 0
  for (const time of times) if (burst.lastMs - time <= spanMs) recent += 1
  burst.guesses += 1
  if (recent < enough && burst.guesses > recent) {
    // Records come nearly in order, so what is too old stands in front.
    keepLast(burst, recent)
    burst.guesses = recent
    burst.larger = 0
    burst.said = 0
    burst.uids = burst.uids.slice(-recent)
    burst.firstMs = Math.min(...burst.times)
  } else if (times.length > MAX_KEPT) keepLast(burst, MAX_KEPT)
  if (tsMs < burst.firstMs) burst.firstMs = tsMs
}

/** Standard deviation of the remembered sizes as a share of their mean, of the way on which they differ more. */
export function burstSpread({ sent, received }: Burst): number {
  return Math.max(spreadOf(sent), spreadOf(received))
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function spreadOf(values: readonly number[]): number {
  const mean = meanOf(values)
  if (mean === 0) return 0
  return Math.sqrt(meanOf(values.map((value) => (value - mean) ** 2))) / mean
}

function keepLast(burst: Burst, count: number): void {
  burst.times = burst.times.slice(-count)
  burst.sent = burst.sent.slice(-count)
  burst.received = burst.received.slice(-count)
}

function newBurst(tsMs: number): Burst {
  return {
    times: [],
    sent: [],
    received: [],
    guesses: 0,
    larger: 0,
    firstMs: tsMs,
    lastMs: tsMs,
    lastPort: -1,
    said: 0,
    uids: [],
  }
}
