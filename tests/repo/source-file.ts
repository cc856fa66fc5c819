import { blanked } from './blanked.ts'

/** One TypeScript file of the checkout, or one made up for a test. */
export type SourceFile = {
  /** From the root of the checkout, with slashes: `topology/kit/clock.ts`. */
  readonly path: string
  readonly text: string
  /** `text` without comments and the contents of texts; the same length. */
  readonly code: string
}

/** What is wrong and where: `path:line: what`, so that an editor can jump to it. */
export type Fault = string

export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, code: blanked(text) }
}

export function lineOf(file: SourceFile, position: number): number {
  let line = 1
  for (let at = file.text.indexOf('\n'); at >= 0 && at < position; at = file.text.indexOf('\n', at + 1))
    line += 1
  return line
}

export function fault(file: SourceFile, position: number, what: string): Fault {
  return `${file.path}:${lineOf(file, position)}: ${what}`
}

/** Files that only tests load: they may do what the code they test may not. */
export function isTestFile(path: string): boolean {
  return (
    /\.(test|contract|fuzz)\.ts$/.test(path) ||
    path.startsWith('tests/') ||
    path.includes('/testing/') ||
    /\/test-[\w-]+\.ts$/.test(path)
  )
}

/** Whether `path` is `place`, or in the folder `place` (which then ends in a slash). */
export function isIn(path: string, place: string): boolean {
  return place.endsWith('/') ? path.startsWith(place) : path === place
}
