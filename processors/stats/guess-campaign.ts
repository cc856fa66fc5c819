/** What is remembered of a host that may be guessing SSH passwords: one campaign for each server and port, over window borders. */
import type { Conn, Ssh } from '@weir/schemas'
import type { Bursts } from './guess-burst.ts'

export type Campaign = {
  firstMs: number
  lastMs: number
  /** Failed attempts the sensor told of. */
  failures: number
  /** Sessions of which it could not tell. */
  unknown: number
  /** Whether it ever told a result: connections then add nothing. */
  tells: boolean
  /** Connections seen, those among them that look like a failed login, and the mean and summed squared deviation of their bytes. */
  flows: number
  guesses: number
  bytes: number
  spread: number
  /** When the latest sessions without a result began, and whether they ever followed fast enough. */
  times: number[]
  isFast: boolean
  /** Buckets last told of, by attempts and by sessions. */
  saidAttempts: number
  saidSessions: number
  entered: boolean
  uids: readonly string[]
}

export type CampaignState = {
  /** By server and port, the one heard of longest ago first. */
  readonly campaigns: Map<string, Campaign>
  /** What flows alone show. */
  readonly bursts: Bursts
  /** Servers on which attempts failed one after the other, and the number at which that is said next. */
  servers: number
  sprayMs: number
  sprayNext: number
  /** Servers told of as entered during the spray. */
  sprayEntries: number
  /** Of the SSH client, from the sensor's software log. */
  banner: string
  /** Connections in which the sensor itself saw guessing, and when it said so. */
  confirmed: number
  confirmedMs: number
}

/** Times remembered; also the most sessions that a rate can be asked of. */
const MAX_TIMES = 40
const MAX_CAMPAIGNS = 128

export function emptyCampaigns(): CampaignState {
  return {
    campaigns: new Map(),
    bursts: new Map(),
    servers: 0,
    sprayMs: Number.NEGATIVE_INFINITY,
    sprayNext: 0,
    sprayEntries: 0,
    banner: '',
    confirmed: 0,
    confirmedMs: Number.NEGATIVE_INFINITY,
  }
}

/** The campaign the record belongs to; a new one when the server was left alone for longer than `gapMs`. */
export function campaignOf(state: CampaignState, record: Conn | Ssh, gapMs: number): Campaign {
  const { campaigns } = state
  const { tsMs } = record
  const target = `${record.dstIp}|${record.dstPort ?? 0}`
  const known = campaigns.get(target)
  if (known !== undefined) campaigns.delete(target)
  else if (campaigns.size >= MAX_CAMPAIGNS) {
    for (const oldest of campaigns.keys()) {
      campaigns.delete(oldest)
      break
    }
  }
  const campaign = known === undefined || tsMs - known.lastMs > gapMs ? newCampaign(tsMs) : known
  campaigns.set(target, campaign)
  if (tsMs < campaign.firstMs) campaign.firstMs = tsMs
  if (tsMs > campaign.lastMs) campaign.lastMs = tsMs
  return campaign
}

/** Adds a session that may have been a guess; `bytes` is its size where that is known. */
export function addGuess(
  campaign: Campaign,
  tsMs: number,
  bytes: number | null,
  sessions: number,
  perMinute: number,
): void {
  if (bytes !== null) {
    // Welford's method: one pass, no sum of squares to lose digits in.
    campaign.guesses += 1
    const before = bytes - campaign.bytes
    campaign.bytes += before / campaign.guesses
    campaign.spread += before * (bytes - campaign.bytes)
  }
  const { times } = campaign
  times.push(tsMs)
  const enough = Math.max(2, Math.min(sessions, MAX_TIMES))
  while (times.length > enough) times.shift()
  if (times.length < enough) return
  const spanMs = Math.max(...times) - Math.min(...times)
  if (spanMs * perMinute <= (enough - 1) * 60_000) campaign.isFast = true
}

/** Standard deviation of the sizes as a share of their mean. */
export function sizeSpread(campaign: Campaign): number {
  return campaign.guesses === 0 || campaign.bytes === 0
    ? 0
    : Math.sqrt(campaign.spread / campaign.guesses) / campaign.bytes
}

/** Sessions of unknown result count as failures only beside as many real ones: a login the sensor cannot read is not a guess. */
export function attemptsOf(campaign: Campaign): number {
  return campaign.failures + Math.min(campaign.unknown, campaign.failures)
}

function newCampaign(tsMs: number): Campaign {
  return {
    firstMs: tsMs,
    lastMs: tsMs,
    failures: 0,
    unknown: 0,
    tells: false,
    flows: 0,
    guesses: 0,
    bytes: 0,
    spread: 0,
    times: [],
    isFast: false,
    saidAttempts: -1,
    saidSessions: -1,
    entered: false,
    uids: [],
  }
}
