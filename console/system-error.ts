/** What the system's error codes mean to someone who has not learnt them. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the system does not allow it',
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'something of that name is in the way',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file would be larger than is allowed',
  EROFS: 'the file system is read-only',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'symbolic links lead in a circle',
  EMFILE: 'this process may not open more files',
  ENFILE: 'the system may not open more files',
  EIO: 'the device failed',
  EBUSY: 'it is in use',
  ENXIO: 'there is no such device',
}

/** Why the system refused, as the end of a sentence, without the path, which the sentence has. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string') return REASONS[code] ?? code
  return error instanceof Error ? error.message : String(error)
}
