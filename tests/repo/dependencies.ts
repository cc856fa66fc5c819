/** What a folder's code needs and what its `package.json` says it needs: the agent is installed without the rest. */
import { importsOf, targetOf } from './imports.ts'
import { type Fault, isTestFile, type SourceFile } from './source-file.ts'

export type Manifest = {
  readonly name: string
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

/** `manifests`: the `package.json` of each folder, by folder. Packages that only tests need belong to the root and are not looked at. */
export function dependencyFaults(
  files: readonly SourceFile[],
  manifests: ReadonlyMap<string, Manifest>,
  exports: ReadonlyMap<string, string>,
): readonly Fault[] {
  const paths = new Set(files.map(({ path }) => path))
  const faults: Fault[] = []
  for (const [folder, manifest] of manifests) {
    const declared = manifest.dependencies ?? {}
    const needed = neededBy(
      files.filter(({ path }) => path.startsWith(`${folder}/`)),
      exports,
    )
    for (const [name, path] of needed) {
      if (!(name in declared))
        faults.push(`${folder}/package.json: ${path} needs ${name}, which is not in its dependencies`)
    }
    for (const [name, version] of Object.entries(declared)) {
      if (!needed.has(name)) faults.push(`${folder}/package.json: nothing needs ${name}`)
      if (!name.startsWith('@weir/') && !/^\d/.test(version)) {
        faults.push(`${folder}/package.json: ${name} is not pinned: ${version}`)
      }
    }
    for (const file of Object.values(manifest.exports ?? {})) {
      if (!paths.has(folder + file.slice(1)))
        faults.push(`${folder}/package.json: exports ${file}, which does not exist`)
    }
  }
  return faults
}

/** Packages by name, each with a file that needs it. Types alone count: the type checker needs them. */
function neededBy(
  files: readonly SourceFile[],
  exports: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const needed = new Map<string, string>()
  for (const file of files) {
    if (isTestFile(file.path)) continue
    for (const { specifier } of importsOf(file)) {
      const target = targetOf(file, specifier, exports)
      if (target.kind === 'package') needed.set(target.name, file.path)
      else if (target.kind === 'weir' && target.byName)
        needed.set(specifier.split('/').slice(0, 2).join('/'), file.path)
    }
  }
  return needed
}
