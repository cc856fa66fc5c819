/**
 * Files that are known to be good, such as those of operating systems: listed under a tag that no row of a feed can give itself, so that only
 * who imports a list says so. Their hashes are never malicious, whatever other feeds say, and are not asked about.
 */
import type { IndicatorKind } from '@weir/schemas'

export const knownGoodTag = 'known-good'

export function isFileHash(kind: IndicatorKind): boolean {
  return kind === 'file_md5' || kind === 'file_sha1' || kind === 'file_sha256'
}
