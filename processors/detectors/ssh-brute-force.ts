import type { Conn, Ssh } from '@weir/schemas'
import { clientBonus } from '../data/ssh-clients.ts'
import { isSshConnection, mayHideSsh } from '../data/ssh-service.ts'
import { bySource } from '../keys.ts'
import { addToBurst, type Burst, burstOf, burstSpread, meanOf } from '../stats/guess-burst.ts'
import {
  addGuess,
  attemptsOf,
  type Campaign,
  type CampaignState,
  campaignOf,
  emptyCampaigns,
  sizeSpread,
} from '../stats/guess-campaign.ts'
import { guessBucket, guessConfidence } from '../stats/guessing.ts'
import { payloadReceived, payloadSent } from '../stats/payload.ts'
import { sampleUid } from '../stats/sample-uids.ts'
import { doublingReached } from '../stats/steps.ts'
import { defineDetector, type Tools } from './detector.ts'
import { type ConfigOf, count, number, ratio, steps } from './settings.ts'

const settings = {
  minAttempts: count(9, 'Failed attempts on one server before anything is said.'),
  gapSeconds: number(3_600, 'Silence towards a server that ends a campaign, in seconds.'),
  minServers: count(
    10,
    'Servers on which attempts fail that are called spraying; said again at each doubling.',
  ),
  minSessions: count(
    10,
    'Sessions that look like failed ones before anything is said where the sensor tells no results.',
  ),
  sessionsPerMinute: number(5, 'How fast these have to follow one another.'),
  maxSessionSeconds: number(60, 'Longer sessions do not look like failed ones.'),
  minSessionBytes: count(1_000, 'Smaller ones end before a password can be tried: probes and health checks.'),
  maxSessionBytes: count(10_000, 'Larger ones do something after the login.'),
  maxSpread: ratio(
    0.5,
    'Standard deviation of their sizes, as a share of the mean, above which they are no guesses.',
  ),
  ports: steps([22, 2_222], 'Ports taken for SSH where the sensor names no service.'),
  burstSessions: count(
    9,
    'Sessions of one size each way, by their flows alone, before they are said to be guesses; again at each doubling.',
  ),
  burstSeconds: number(60, 'Span within which so many have to begin.'),
  minGuessSeconds: number(
    0.5,
    'Shorter sessions are no guesses: a server makes one who guesses wrong wait, programs are done at once.',
  ),
  maxGuessSeconds: number(15, 'Nor are longer ones: nobody waits in them.'),
  minGuessBytes: count(
    1_000,
    'Payload each way that negotiating keys and one refused password take at least.',
  ),
  maxGuessBytes: count(4_000, 'Payload each way that they take at most.'),
  burstSpread: ratio(
    0.15,
    'Standard deviation of their sizes each way, as a share of the mean, up to which they are alike.',
  ),
}

type SshTools = Tools<CampaignState, typeof settings>

const MAX_UIDS = 20
/** Servers on which nothing is known to have failed, told of as entered during one spray: who sprays from a host of daily work also works there. */
const MAX_SPRAY_ENTRIES = 5

export const sshBruteForce = defineDetector({
  id: 'ssh-brute-force',
  version: 3,
  claim: 'A host guesses SSH passwords: many on one server, or a few on each of many.',
  spec: 'BF-01',
  types: ['PASSWORD_GUESSING'],
  level: 'medium',
  techniques: ['T1110.001'],
  misfires:
    'Jobs with an outdated key that try again and again; without results from the sensor, jobs of many short logins; by flows alone, programs that wait a second in sessions of one size.',
  key: bySource,
  settings,
  state: { scope: 'host', version: 2, maxBytes: 500_000, empty: emptyCampaigns },
  on: {
    ssh(record, tools) {
      if (record.dstIp === '') return
      const { config } = tools
      const campaign = campaignOf(tools.state(), record, config.gapSeconds * 1_000)
      if (record.authSuccess === true) {
        campaign.tells = true
        tellEntry(record, campaign, tools)
        return
      }
      const tried = record.authAttempts ?? 0
      if (record.authSuccess === null && tried <= 0) {
        campaign.unknown += 1
        if (!campaign.tells) {
          // The connection says more, if its sensor writes any; until then the session stands for itself.
          if (campaign.flows === 0) {
            campaign.uids = sampleUid(campaign.uids, record.uid, MAX_UIDS)
            addGuess(campaign, record.tsMs, null, config.minSessions, config.sessionsPerMinute)
            tellSessions(record, campaign, record.client, tools)
          }
          return
        }
      } else {
        if (campaign.failures === 0) tellSpray(record, tools)
        campaign.tells = true
        campaign.failures += Math.max(1, tried)
      }
      campaign.uids = sampleUid(campaign.uids, record.uid, MAX_UIDS)
      tellAttempts(record, campaign, tools)
    },
    conn(record, tools) {
      const { config } = tools
      const isSsh = isSshConnection(record, config.ports)
      if (!isSsh && !showsFlowsAlone(record)) return
      const isBurst = lookAtFlow(record, isSsh, tools)
      if (!isSsh) return
      const campaign = campaignOf(tools.state(), record, config.gapSeconds * 1_000)
      if (campaign.flows === 0) campaign.times = []
      campaign.flows += 1
      if (isBurst || campaign.tells || !looksFailed(record, config)) return
      campaign.uids = sampleUid(campaign.uids, record.uid, MAX_UIDS)
      addGuess(
        campaign,
        record.tsMs,
        record.srcBytes + record.dstBytes,
        config.minSessions,
        config.sessionsPerMinute,
      )
      tellSessions(record, campaign, '', tools)
    },
    software(record, tools) {
      if (record.softwareType !== 'SSH::CLIENT') return
      tools.state().banner = (record.unparsedVersion || record.name).slice(0, 64)
    },
    notice(record, tools) {
      if (!record.note.includes('Password_Guessing')) return
      const seen = Number(/seen in (\d{1,9}) connections/.exec(record.message)?.[1] ?? record.count ?? 0)
      const state = tools.state()
      state.confirmed = isConfirmed(state, tools) ? Math.max(state.confirmed, seen) : seen
      state.confirmedMs = Math.max(state.confirmedMs, record.tsMs)
    },
  },
})

function isConfirmed(state: CampaignState, tools: SshTools): boolean {
  return tools.nowMs - state.confirmedMs <= tools.config.gapSeconds * 1_000
}

/** A port that nothing is known of, told by a sensor that does not look inside: others would have named SSH. */
function showsFlowsAlone({ source, proto, dstPort }: Conn): boolean {
  return (
    (source === 'argus' || source === 'nfdump') && proto === 'tcp' && dstPort !== null && mayHideSsh(dstPort)
  )
}

/** Argus and nfdump cut long connections into pieces: only one that shows its SYN, or its end, is a session of its own. */
function isWhole({ source, state }: Conn): boolean {
  if (source === 'zeek' || source === 'suricata' || state === 'FIN') return true
  return state.includes('S') && state !== 'EST'
}

/** Packets each way that a handshake, the banners, the keys and a password take at least. */
const MIN_PACKETS = 6
/** One session that did more for so many guesses is a client that uses the service. */
const GUESSES_PER_LARGER = 10
/** A session of SSH that carried more, both ways together, was let in (spec detections.md section SSH-01). */
const LARGEST_REFUSED_BYTES = 4_290

/** Whether the flow belongs to a burst of guesses that was told of. */
function lookAtFlow(record: Conn, isSsh: boolean, tools: SshTools): boolean {
  const { config } = tools
  if (record.established !== true) return false
  const sent = payloadSent(record)
  const received = payloadReceived(record)
  const name = `${record.dstIp}|${record.dstPort}`
  const seconds = record.durationMs / 1_000
  if (Math.max(sent, received) > config.maxGuessBytes || seconds > config.maxGuessSeconds) {
    const known = tools.peek()?.bursts.get(name)
    if (known !== undefined) known.larger += 1
    return false
  }
  if (
    Math.min(sent, received) < config.minGuessBytes ||
    Math.max(sent, received) > 2 * Math.min(sent, received) ||
    seconds < config.minGuessSeconds ||
    record.srcPkts < MIN_PACKETS ||
    record.dstPkts < MIN_PACKETS ||
    (isSsh && sent + received > LARGEST_REFUSED_BYTES) ||
    !isWhole(record)
  ) {
    return false
  }
  const state = tools.state()
  if (state.campaigns.get(name)?.tells === true) return false
  const burst = burstOf(state.bursts, name, record.tsMs)
  // Pieces of one connection share its port.
  if (burst.lastPort === record.srcPort) return false
  burst.lastPort = record.srcPort ?? -1
  burst.uids = sampleUid(burst.uids, record.uid, MAX_UIDS)
  addToBurst(burst, record.tsMs, sent, received, config.burstSessions, config.burstSeconds * 1_000)
  tellBurst(record, burst, tools)
  return burst.said > 0
}

function tellBurst(record: Conn, burst: Burst, tools: SshTools): void {
  const { burstSessions, burstSpread: maxSpread } = tools.config
  const { guesses } = burst
  if (guesses < Math.max(1, burstSessions, 2 * burst.said)) return
  if (burst.larger * GUESSES_PER_LARGER > guesses || burstSpread(burst) > maxSpread) return
  const reached = doublingReached(burstSessions, guesses)
  burst.said = reached
  const { srcIp, dstIp, dstPort } = record
  tools.report({
    key: `${dstIp}|${dstPort ?? 0}|burst|${reached}`,
    confidence: guesses >= 4 * burstSessions ? 0.7 : guesses >= 2 * burstSessions ? 0.6 : 0.4,
    record,
    uids: [...burst.uids],
    description: `${srcIp} opened ${guesses} sessions of one size to ${dstIp} port ${dstPort ?? 'unknown'} within ${Math.round((burst.lastMs - burst.firstMs) / 1_000)} seconds, each as large as an SSH login that is refused; judged by flows alone.`,
    facts: {
      sessions: guesses,
      largerSessions: burst.larger,
      meanPayloadSent: Math.round(meanOf(burst.sent)),
      meanPayloadReceived: Math.round(meanOf(burst.received)),
      dstPort: dstPort ?? 0,
      durationSeconds: Math.round((burst.lastMs - burst.firstMs) / 1_000),
      byFlowsAlone: true,
    },
  })
}

function looksFailed(record: Conn, config: ConfigOf<typeof settings>): boolean {
  const bytes = record.srcBytes + record.dstBytes
  return (
    record.established === true &&
    record.dstPkts > 0 &&
    record.durationMs <= config.maxSessionSeconds * 1_000 &&
    bytes >= config.minSessionBytes &&
    bytes <= config.maxSessionBytes &&
    isWhole(record)
  )
}

/** What the client's name adds: a banner from the sensor's software log is surer than one from the session. */
function bonusOf(banner: string, client: string): number {
  return banner === '' ? clientBonus(client) : 0.03 + clientBonus(banner)
}

function tellAttempts(record: Ssh, campaign: Campaign, tools: SshTools): void {
  const { minAttempts } = tools.config
  const attempts = attemptsOf(campaign)
  const bucket = guessBucket(attempts, minAttempts)
  if (bucket <= campaign.saidAttempts) return
  campaign.saidAttempts = bucket
  const state = tools.state()
  const confirmed = isConfirmed(state, tools) ? state.confirmed : 0
  const client = (state.banner === '' ? record.client : state.banner).slice(0, 100)
  tools.report({
    key: `${record.dstIp}|${record.dstPort ?? 0}|attempts|${bucket}`,
    confidence: guessConfidence(
      Math.max(attempts, confirmed),
      minAttempts,
      bonusOf(state.banner, record.client),
    ),
    record,
    uids: [...campaign.uids],
    description: `${record.srcIp} failed ${attempts} times to log in to ${record.dstIp} port ${record.dstPort ?? 'unknown'} by SSH${client === '' ? '' : `, as '${client}'`}${confirmed > 0 ? '; the sensor calls it password guessing' : ''}.`,
    facts: {
      attempts,
      toldFailures: campaign.failures,
      sessionsOfUnknownResult: campaign.unknown,
      dstPort: record.dstPort ?? 0,
      durationSeconds: Math.round((campaign.lastMs - campaign.firstMs) / 1_000),
      client,
      confirmedConnections: confirmed,
    },
  })
}

/** By sessions that look like failed ones; without their sizes it takes three times as many. */
function tellSessions(record: Conn | Ssh, campaign: Campaign, client: string, tools: SshTools): void {
  const { minSessions, maxSpread } = tools.config
  const sessions = campaign.flows > 0 ? campaign.guesses : Math.floor(campaign.unknown / 3)
  const bucket = guessBucket(sessions, minSessions)
  if (bucket <= campaign.saidSessions || !campaign.isFast || sizeSpread(campaign) > maxSpread) return
  campaign.saidSessions = bucket
  const seen = campaign.flows > 0 ? campaign.guesses : campaign.unknown
  const { banner } = tools.state()
  tools.report({
    key: `${record.dstIp}|${record.dstPort ?? 0}|sessions|${bucket}`,
    level: 'low',
    confidence:
      0.3 + 0.2 * Math.min(1, (sessions - minSessions) / 20) + Math.min(0.1, bonusOf(banner, client)),
    record,
    uids: [...campaign.uids],
    description: `${record.srcIp} opened ${seen} short SSH sessions to ${record.dstIp} port ${record.dstPort ?? 'unknown'} one after the other, alike enough to be guesses of a password.`,
    facts: {
      sessions: seen,
      connections: campaign.flows,
      meanBytes: Math.round(campaign.bytes),
      dstPort: record.dstPort ?? 0,
      durationSeconds: Math.round((campaign.lastMs - campaign.firstMs) / 1_000),
    },
  })
}

/** On the first failure at a server. */
function tellSpray(record: Ssh, tools: SshTools): void {
  const state = tools.state()
  const { minServers, gapSeconds } = tools.config
  if (record.tsMs - state.sprayMs > gapSeconds * 1_000) {
    state.servers = 0
    state.sprayNext = 0
    state.sprayEntries = 0
  }
  state.sprayMs = Math.max(state.sprayMs, record.tsMs)
  state.servers += 1
  if (state.servers < Math.max(minServers, state.sprayNext)) return
  const reached = doublingReached(minServers, state.servers)
  state.sprayNext = 2 * reached
  const uids: string[] = []
  for (const { uids: own } of state.campaigns.values()) if (own[0] !== undefined) uids.push(own[0])
  uids.push(record.uid)
  tools.report({
    key: `servers|${reached}`,
    confidence: state.servers >= 2 * minServers ? 0.8 : 0.6,
    record,
    uids,
    victim: null,
    techniques: ['T1110.003'],
    description: `${record.srcIp} failed to log in to ${state.servers} SSH servers one after the other.`,
    facts: { servers: state.servers, client: record.client.slice(0, 100) },
  })
}

/** A login that worked, where guesses went before: on this server, or on so many that those of this one may have been forgotten. */
function tellEntry(record: Ssh, campaign: Campaign, tools: SshTools): void {
  const state = tools.state()
  const { minAttempts, gapSeconds } = tools.config
  const attempts = attemptsOf(campaign)
  const isSpraying = state.sprayNext > 0 && record.tsMs - state.sprayMs <= gapSeconds * 1_000
  if (campaign.entered || !(attempts >= minAttempts || isSpraying)) return
  if (attempts === 0) {
    if (state.sprayEntries >= MAX_SPRAY_ENTRIES) return
    state.sprayEntries += 1
  }
  const { banner } = state
  campaign.entered = true
  tools.report({
    key: `${record.dstIp}|${record.dstPort ?? 0}|entered`,
    level: 'high',
    confidence: attempts === 0 ? 0.5 : guessConfidence(attempts, minAttempts, bonusOf(banner, record.client)),
    record,
    uids: [record.uid, ...campaign.uids],
    techniques: ['T1110.001', 'T1078'],
    description: `${record.srcIp} logged in to ${record.dstIp} port ${record.dstPort ?? 'unknown'} by SSH after ${attempts === 0 ? `failing at ${state.servers} servers` : `${attempts} failed attempts`}.`,
    facts: {
      attempts,
      serversFailed: isSpraying ? state.servers : 0,
      dstPort: record.dstPort ?? 0,
      client: record.client.slice(0, 100),
    },
  })
}
