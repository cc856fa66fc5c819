/**
 * Who may import whom, as a table. The row of a file is the one whose `place` names it most closely; a file may always
 * import from its own row. Tests may also use the rest of their own deployable and what is made for tests.
 */
import { type Import, importsOf, targetOf } from './imports.ts'
import { type Fault, fault, isIn, isTestFile, type SourceFile } from './source-file.ts'

/** A place that may be imported from; with `only`, no more of it than this. */
type Allowed = string | { readonly from: string; readonly only: 'types' | readonly string[] }

export type ImportRow = {
  /** A file, or a folder with a slash at its end. */
  readonly place: string
  readonly may: readonly Allowed[]
}

const schemaTypes: Allowed = { from: 'schemas/index.ts', only: 'types' }
const topologyBase = ['topology/errors.ts', 'topology/metrics.ts', 'topology/kit/']

export const importRows: readonly ImportRow[] = [
  { place: 'schemas/', may: [] },

  // An arrow of the diagram in topology/README.md for each line; kit and errors stand below all.
  { place: 'topology/kit/', may: [] },
  { place: 'topology/errors.ts', may: ['topology/kit/'] },
  { place: 'topology/metrics.ts', may: ['topology/kit/'] },
  { place: 'topology/stores/', may: topologyBase },
  { place: 'topology/transport/', may: topologyBase },
  {
    place: 'topology/operators/',
    // The interfaces and what is made of them alone; which store lies below is not an operator's business.
    may: [
      'topology/stores/store.ts',
      'topology/stores/window-store.ts',
      'topology/stores/session-store.ts',
      'topology/stores/shaped-values.ts',
      ...topologyBase,
    ],
  },
  { place: 'topology/plan/', may: ['topology/operators/', ...topologyBase] },
  { place: 'topology/dsl/', may: ['topology/plan/', 'topology/operators/', ...topologyBase] },
  {
    place: 'topology/tasks/',
    may: [
      'topology/plan/',
      'topology/operators/',
      'topology/stores/',
      'topology/transport/transport.ts',
      // Where a key's records go is a promise of every transport.
      'topology/transport/partitioner.ts',
      ...topologyBase,
    ],
  },
  { place: 'topology/testing/', may: ['topology/'] },
  {
    place: 'topology/index.ts',
    may: [
      'topology/dsl/',
      'topology/plan/',
      'topology/operators/',
      'topology/stores/',
      'topology/tasks/',
      ...topologyBase,
    ],
  },

  { place: 'processors/errors.ts', may: ['topology/kit/index.ts'] },
  { place: 'processors/keys.ts', may: [schemaTypes, 'processors/profile/address-class.ts'] },
  { place: 'processors/stats/', may: [schemaTypes] },
  { place: 'processors/profile/translated-address.ts', may: [] },
  {
    place: 'processors/profile/address-class.ts',
    may: ['processors/profile/translated-address.ts', 'processors/intel/address-bits.ts'],
  },
  {
    place: 'processors/profile/network.ts',
    may: [
      'processors/profile/address-class.ts',
      'processors/profile/translated-address.ts',
      'processors/intel/address-bits.ts',
    ],
  },
  {
    place: 'processors/data/',
    may: [schemaTypes, 'processors/profile/network.ts', 'processors/profile/translated-address.ts'],
  },
  {
    place: 'processors/profile/',
    may: [
      'schemas/index.ts',
      'processors/errors.ts',
      'processors/data/',
      'processors/stats/',
      'processors/profile/address-class.ts',
      'processors/profile/network.ts',
      'processors/profile/translated-address.ts',
      'processors/evidence/evidence-types.ts',
      'processors/intel/address-bits.ts',
      'processors/intel/prefix-trie.ts',
      'processors/enrichment/whereabouts.ts',
      'processors/enrichment/organisations.ts',
    ],
  },
  { place: 'processors/intel/address-bits.ts', may: [] },
  { place: 'processors/intel/prefix-trie.ts', may: [] },
  {
    place: 'processors/intel/',
    may: [
      'schemas/index.ts',
      'processors/profile/address-class.ts',
      'processors/stats/',
      'processors/intel/address-bits.ts',
      'processors/intel/prefix-trie.ts',
    ],
  },
  { place: 'processors/enrichment/whereabouts.ts', may: [] },
  {
    place: 'processors/enrichment/organisations.ts',
    may: [
      'processors/data/',
      'processors/intel/address-bits.ts',
      'processors/intel/prefix-trie.ts',
      'processors/profile/translated-address.ts',
      'processors/enrichment/whereabouts.ts',
    ],
  },
  {
    place: 'processors/enrichment/',
    may: [
      schemaTypes,
      'processors/data/',
      'processors/intel/',
      'processors/profile/address-class.ts',
      'processors/profile/translated-address.ts',
      'processors/enrichment/whereabouts.ts',
      'processors/enrichment/organisations.ts',
      { from: 'processors/profile/network.ts', only: 'types' },
    ],
  },
  { place: 'processors/evidence/evidence-types.ts', may: [] },
  { place: 'processors/detectors/settings.ts', may: [] },
  {
    place: 'processors/detectors/detector.ts',
    may: [
      schemaTypes,
      'processors/keys.ts',
      'processors/detectors/settings.ts',
      { from: 'processors/evidence/evidence-types.ts', only: 'types' },
      { from: 'processors/profile/', only: 'types' },
      { from: 'processors/profile/network.ts', only: 'types' },
      { from: 'processors/intel/', only: 'types' },
      { from: 'processors/enrichment/', only: 'types' },
      { from: 'processors/enrichment/whereabouts.ts', only: 'types' },
    ],
  },
  {
    place: 'processors/detectors/',
    may: [
      schemaTypes,
      { from: 'topology/index.ts', only: ['seconds', 'minutes', 'hours', 'days', 'tumbling'] },
      'processors/keys.ts',
      'processors/stats/',
      'processors/data/',
      'processors/profile/',
      'processors/profile/address-class.ts',
      'processors/profile/network.ts',
      'processors/intel/',
      'processors/enrichment/',
      'processors/enrichment/organisations.ts',
      'processors/evidence/evidence-types.ts',
      'processors/detectors/detector.ts',
      'processors/detectors/settings.ts',
    ],
  },
  {
    place: 'processors/evidence/',
    may: [
      'schemas/index.ts',
      'topology/index.ts',
      'processors/errors.ts',
      'processors/profile/',
      'processors/profile/network.ts',
      'processors/profile/address-class.ts',
      'processors/stats/',
      'processors/evidence/evidence-types.ts',
      { from: 'processors/detectors/detector.ts', only: 'types' },
    ],
  },
  {
    place: 'processors/app/',
    may: ['schemas/index.ts', 'topology/index.ts', 'topology/kit/index.ts', 'processors/'],
  },
  {
    place: 'processors/testing/',
    may: ['schemas/index.ts', 'topology/index.ts', 'topology/testing/index.ts', 'processors/'],
  },
  { place: 'processors/index.ts', may: ['processors/'] },

  { place: 'edge-agent/errors.ts', may: ['topology/kit/index.ts'] },
  { place: 'edge-agent/parsers/', may: ['schemas/index.ts'] },
  {
    place: 'edge-agent/convert/',
    may: ['edge-agent/parsers/', 'edge-agent/errors.ts', 'topology/kit/index.ts'],
  },
  {
    place: 'edge-agent/read/',
    may: [
      'schemas/index.ts',
      'topology/kit/index.ts',
      'edge-agent/parsers/',
      'edge-agent/convert/',
      'edge-agent/errors.ts',
    ],
  },
  {
    place: 'edge-agent/',
    may: ['schemas/index.ts', 'topology/transport/index.ts', 'topology/kit/index.ts', 'edge-agent/'],
  },

  // Puts the parts together, by their front doors.
  {
    place: 'console/',
    may: [
      'schemas/index.ts',
      'topology/index.ts',
      'topology/kit/index.ts',
      'topology/transport/index.ts',
      'processors/index.ts',
      'edge-agent/index.ts',
    ],
  },

  { place: 'tests/', may: ['schemas/', 'topology/', 'processors/', 'edge-agent/', 'console/'] },
]

/** What tests may use besides the row of their folder. */
const forTests = [
  'schemas/index.ts',
  'topology/index.ts',
  'topology/kit/index.ts',
  'topology/transport/index.ts',
  'topology/testing/index.ts',
  'processors/testing/index.ts',
  'tests/generate/',
]

/** Third-party packages and parts of Node, and the only places outside tests that may use them. */
export type PackageRow = { readonly name: string; readonly only: readonly string[] }

export const packageRows: readonly PackageRow[] = [
  { name: 'avsc', only: ['schemas/codec.ts'] },
  { name: '@platformatic/kafka', only: ['topology/transport/kafka/client.ts'] },
  { name: 'node:tls', only: ['topology/transport/kafka/'] },
  { name: 'classic-level', only: ['topology/transport/level/'] },
  { name: 'msgpackr', only: ['topology/stores/shaped-values.ts'] },
  { name: 'pino', only: ['topology/kit/log.ts'] },
  { name: 'prom-client', only: ['topology/kit/metrics.ts'] },
  { name: 'tldts', only: ['processors/'] },
  { name: 'ipaddr.js', only: ['processors/profile/', 'processors/intel/', 'edge-agent/parsers/'] },
  { name: 'mmdb-lib', only: ['console/enrichment/mmdb-file.ts'] },
  { name: 'commander', only: ['console/'] },
  { name: 'esbuild', only: ['console/bundle.ts'] },
  { name: 'cli-progress', only: ['console/'] },
  { name: 'yaml', only: ['console/'] },
  { name: 'node:child_process', only: ['edge-agent/convert/'] },
  { name: 'node:timers', only: ['topology/kit/clock.ts'] },
  { name: 'node:timers/promises', only: ['topology/kit/clock.ts'] },
  {
    name: 'node:fs',
    only: [
      'schemas/generate/',
      'schemas/generate.ts',
      'schemas/release.ts',
      'topology/transport/embedded/',
      'topology/stores/',
      'edge-agent/',
      'console/',
    ],
  },
  {
    name: 'node:fs/promises',
    only: ['topology/transport/embedded/', 'topology/stores/', 'edge-agent/', 'console/'],
  },
  {
    name: 'node:path',
    only: [
      'schemas/generate/',
      'schemas/generate.ts',
      'schemas/release.ts',
      'topology/transport/embedded/',
      'topology/stores/',
      'edge-agent/',
      'console/',
    ],
  },
  { name: 'node:os', only: ['edge-agent/convert/', 'console/'] },
  {
    name: 'node:crypto',
    only: ['topology/stores/', 'topology/transport/', 'processors/evidence/', 'edge-agent/', 'console/'],
  },
  {
    name: 'node:net',
    only: [
      'processors/evidence/community-id.ts',
      'processors/profile/',
      'edge-agent/parsers/',
      'console/enrichment/',
      'console/commands/jarm.ts',
    ],
  },
  { name: 'node:http', only: ['console/kafka/node-http.ts'] },
  { name: 'node:dns/promises', only: ['console/enrichment/'] },
  { name: 'node:readline', only: ['console/enrichment/'] },
  { name: 'node:https', only: ['console/kafka/'] },
  { name: 'node:zlib', only: ['edge-agent/read/', 'console/'] },
  { name: 'node:stream', only: ['edge-agent/', 'console/'] },
  { name: 'node:stream/promises', only: ['edge-agent/', 'console/'] },
  { name: 'node:events', only: ['edge-agent/', 'console/'] },
  { name: 'node:string_decoder', only: ['edge-agent/'] },
  { name: 'node:util', only: ['console/'] },
  { name: 'node:buffer', only: ['schemas/', 'topology/', 'edge-agent/'] },
  // What only tests use.
  { name: 'ajv', only: [] },
  { name: 'ajv-formats', only: [] },
]

/** Every import that no row allows. `exports`: what the `@weir/…` names stand for. */
export function importFaults(
  files: readonly SourceFile[],
  exports: ReadonlyMap<string, string>,
  rows: readonly ImportRow[] = importRows,
  packages: readonly PackageRow[] = packageRows,
): readonly Fault[] {
  const paths = new Set(files.map(({ path }) => path))
  return files.flatMap((file) =>
    importsOf(file).flatMap((each) => {
      const wrong = wrongWith(file, each, { exports, rows, packages, paths })
      return wrong === null ? [] : [fault(file, each.position, wrong)]
    }),
  )
}

type World = {
  readonly exports: ReadonlyMap<string, string>
  readonly rows: readonly ImportRow[]
  readonly packages: readonly PackageRow[]
  readonly paths: ReadonlySet<string>
}

function wrongWith(file: SourceFile, each: Import, world: World): string | null {
  const target = targetOf(file, each.specifier, world.exports)
  if (target.kind === 'nowhere') return target.why
  if (target.kind !== 'weir') return wrongPackage(file.path, target.name, world.packages)
  if (!world.paths.has(target.path))
    return target.path.endsWith('.ts') ? `${each.specifier} does not exist` : null
  const isOwn = deployableOf(file.path) === deployableOf(target.path)
  if (isOwn && target.byName) return `${each.specifier} is its own package: import the file itself`
  const isTest = isTestFile(file.path)
  if (!isTest && isTestFile(target.path)) return `${each.specifier} is only for tests`
  if (!isOwn && !target.byName && !isTest)
    return `${each.specifier} leaves its package: import what that exports by name`
  if (isTest && (isOwn || forTests.some((place) => isIn(target.path, place)))) return null
  return wrongRow(file.path, target.path, each, world.rows)
}

function wrongRow(from: string, to: string, each: Import, rows: readonly ImportRow[]): string | null {
  const row = rowOf(from, rows)
  if (row === null) return 'stands in a folder that the table does not know'
  const target = rowOf(to, rows)
  if (target === row) return null
  for (const allowed of row.may) {
    if (typeof allowed === 'string' ? isIn(to, allowed) : isIn(to, allowed.from)) {
      if (typeof allowed === 'string') return null
      if (allowed.only === 'types' && each.isTypeOnly) return null
      if (allowed.only === 'types') return `${row.place} may import types of ${to}, and no values`
      const { only } = allowed
      const more = each.names.filter((name) => !only.includes(name))
      if (more.length === 0) return null
      return `${row.place} may import ${only.join(', ')} of ${to}, and not ${more.join(', ')}`
    }
  }
  return `${row.place} may not import ${to}`
}

function wrongPackage(path: string, name: string, packages: readonly PackageRow[]): string | null {
  if (isTestFile(path)) return null
  const row = packages.find((candidate) => candidate.name === name)
  if (row === undefined) return `${name} is in no row of the table of packages`
  return row.only.some((place) => isIn(path, place))
    ? null
    : `${name} is for ${row.only.join(', ') || 'tests'} alone`
}

/** The row that names the file most closely. */
export function rowOf(path: string, rows: readonly ImportRow[]): ImportRow | null {
  let best: ImportRow | null = null
  for (const row of rows) {
    if (isIn(path, row.place) && row.place.length > (best?.place.length ?? 0)) best = row
  }
  return best
}

function deployableOf(path: string): string {
  return path.slice(0, path.indexOf('/'))
}

/** Circles of imports between rows, each as `a → b → a`. Tests are left out: they may look back. */
export function circles(
  files: readonly SourceFile[],
  exports: ReadonlyMap<string, string>,
  rows: readonly ImportRow[] = importRows,
): readonly string[] {
  const arrows = new Map<string, Set<string>>()
  for (const file of files) {
    const from = rowOf(file.path, rows)
    if (from === null || isTestFile(file.path)) continue
    for (const { specifier } of importsOf(file)) {
      const target = targetOf(file, specifier, exports)
      const to = target.kind === 'weir' ? rowOf(target.path, rows) : null
      if (to === null || to === from) continue
      const known = arrows.get(from.place) ?? new Set()
      arrows.set(from.place, known.add(to.place))
    }
  }
  const found: string[] = []
  const done = new Set<string>()
  const walk = (place: string, way: readonly string[]) => {
    if (way.includes(place)) found.push([...way.slice(way.indexOf(place)), place].join(' → '))
    if (way.includes(place) || done.has(place)) return
    for (const next of arrows.get(place) ?? []) walk(next, [...way, place])
    done.add(place)
  }
  for (const place of arrows.keys()) walk(place, [])
  return found
}
