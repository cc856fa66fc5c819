/**
 * Makes `dist/`: the command as a few files of plain JavaScript, one for what each subcommand shares and needs. As some seven hundred modules
 * of TypeScript and packages it takes a second to start and 40 MB more, in each process and for as long as it runs; texts, records of modules
 * and compiled code that nobody calls. `weir` runs it where it is newer than the sources, and the sources where not.
 */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')
const outdir = join(root, 'dist')
/** For so long a process may still load what it was made with. */
const keptMs = 7 * 24 * 3_600_000
const entry = 'main.mjs'

/** Packages that look for files beside their own: native code and the like. They stay where they are. */
const external = ['classic-level', '@node-rs/crc32', '@platformatic/wasm-utils', 'supports-color']

/** What a source reads lies beside the source, not beside the bundle. */
const ownPlaces: Plugin = {
  name: 'own-places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const place = JSON.stringify(relative(outdir, path))
      const text = readFileSync(path, 'utf8')
      if (/import\.meta\.(?!url\b)/.test(text)) throw new Error(`${path} asks for more than import.meta.url`)
      return {
        loader: 'ts',
        contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
      }
    })
  },
}

/** Its modules declare messages and do nothing else when they are loaded, but do not say so: those of messages that are not used go. */
const withoutEffects: Plugin = {
  name: 'without-effects',
  setup: ({ onResolve, resolve }) => {
    const asked = Symbol('asked')
    onResolve({ filter: /^(?:@platformatic\/kafka$|\.)/ }, async ({ path, pluginData, ...from }) => {
      const isOfClient = path.startsWith('@') || from.importer.includes(join('@platformatic', 'kafka'))
      if (pluginData === asked || !isOfClient) return undefined
      const { importer, kind, resolveDir } = from
      const found = await resolve(path, { importer, kind, resolveDir, pluginData: asked })
      return { path: found.path, errors: found.errors, sideEffects: false }
    })
  },
}

/** Gives the names of what it has made in `fresh`. */
async function bundle(fresh: string): Promise<readonly string[]> {
  await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outdir: fresh,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    external,
    plugins: [ownPlaces, withoutEffects],
    // Names stay as they are: they stand in stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'linked',
    sourcemap: 'linked',
    sourcesContent: false,
    // Packages in the older form of modules ask for parts of Node by it.
    banner: {
      js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
    },
    logLevel: 'warning',
  })
  return readdirSync(fresh)
}

/** Who starts finds the new beginning only when all else is there, also after a power cut; those that run still load what they were made with. */
function publish(fresh: string, made: readonly string[]): void {
  mkdirSync(outdir, { recursive: true })
  for (const name of made) {
    const file = openSync(join(fresh, name), 'r+')
    fsyncSync(file)
    closeSync(file)
  }
  for (const name of [...made.filter((each) => each !== entry), entry])
    renameSync(join(fresh, name), join(outdir, name))
  const newest = statSync(join(outdir, entry)).mtimeMs
  for (const name of readdirSync(outdir)) {
    if (!made.includes(name) && statSync(join(outdir, name)).mtimeMs < newest - keptMs)
      rmSync(join(outdir, name))
  }
}

const fresh = mkdtempSync(`${outdir}.tmp-`)
try {
  publish(fresh, await bundle(fresh))
} finally {
  rmSync(fresh, { recursive: true })
}
