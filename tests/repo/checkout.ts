import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from './dependencies.ts'
import { type SourceFile, sourceFile } from './source-file.ts'

/** The folders that hold Weir's code. */
export const codeFolders = ['schemas', 'topology', 'processors', 'edge-agent', 'console', 'tests'] as const

export const root = join(import.meta.dirname, '../..')

/** Every text file that belongs to the checkout, by its path from the root, in order; no packages, no captured lines. */
export function readTexts(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isFile() && isText(entry.name))
      texts.set(entry.name, readFileSync(join(root, entry.name), 'utf8'))
  }
  for (const folder of codeFolders) addTexts(folder, texts)
  return texts
}

function addTexts(folder: string, texts: Map<string, string>): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'testdata') addTexts(path, texts)
    } else if (entry.isFile() && isText(entry.name)) texts.set(path, readFileSync(join(root, path), 'utf8'))
  }
}

function isText(name: string): boolean {
  return name === 'Makefile' || name === 'weir' || /\.(ts|md|json|avsc|yaml|yml)$/.test(name)
}

export function sourcesOf(texts: ReadonlyMap<string, string>): readonly SourceFile[] {
  return [...texts].filter(([path]) => path.endsWith('.ts')).map(([path, text]) => sourceFile(path, text))
}

/** The `package.json` of each folder that has one. */
export function readManifests(texts: ReadonlyMap<string, string>): ReadonlyMap<string, Manifest> {
  const manifests = new Map<string, Manifest>()
  for (const folder of codeFolders) {
    const text = texts.get(`${folder}/package.json`)
    if (text === undefined) continue
    const manifest: Manifest = JSON.parse(text)
    manifests.set(folder, manifest)
  }
  return manifests
}

/** What `@weir/…` names stand for, as the `exports` of the folders' `package.json` say: `@weir/topology/kit` → `topology/kit/index.ts`. */
export function exportsOf(manifests: ReadonlyMap<string, Manifest>): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const [folder, { name, exports = {} }] of manifests) {
    for (const [entry, file] of Object.entries(exports))
      files.set(name + entry.slice(1), folder + file.slice(1))
  }
  return files
}
