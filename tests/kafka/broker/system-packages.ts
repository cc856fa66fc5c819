import { spawnSync } from 'node:child_process'
import { aptInstall } from './java.ts'

/** Whether a program is there, installed now where that may be done; else the test is skipped with what to install. */
export function installed(
  program: string,
  packages: readonly string[],
  test: { skip(why: string): void },
): boolean {
  const isThere = () => spawnSync('which', [program], { stdio: 'ignore' }).status === 0
  if (!isThere()) for (const name of packages) aptInstall(name)
  if (isThere()) return true
  test.skip(`${program} is missing: install the system packages ${packages.join(' and ')}`)
  return false
}
