/**
 * Makes `dist/`: the command as a few files of plain JavaScript, one for what each subcommand shares and needs. As some seven hundred modules
 * of TypeScript and packages it takes a second to start and 40 MB more, in each process and for as long as it runs; texts, records of modules
 * and compiled code that nobody calls. `weir` runs it where it is newer than the sources, and the sources where not.
 */
import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = join(import.meta.dirname, '..')
const outdir = join(root, 'dist')
const fresh = `${outdir}.tmp`

/** Packages that look for files beside their own: native code and the like. They stay where they are. */
const external = ['classic-level', '@node-rs/crc32', '@platformatic/wasm-utils', 'supports-color']

/** What a source reads lies beside the source, not beside the bundle. */
const ownPlaces: Plugin = {
  name: 'own-places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const place = JSON.stringify(relative(outdir, path))
      const text = readFileSync(path, 'utf8')
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

rmSync(fresh, { recursive: true, force: true })
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
// All of it or nothing, also after a power cut.
for (const name of readdirSync(fresh)) {
  const file = openSync(join(fresh, name), 'r+')
  fsyncSync(file)
  closeSync(file)
}
rmSync(outdir, { recursive: true, force: true })
renameSync(fresh, outdir)
