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
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name server did not answer',
  ECONNREFUSED: 'nothing answers at that address and port',
  ECONNRESET: 'the other end broke the connection off',
  EPIPE: 'the other end broke the connection off',
  ETIMEDOUT: 'the other end did not answer in time',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  UND_ERR_SOCKET: 'the other end broke the connection off',
  UND_ERR_CONNECT_TIMEOUT: 'the other end did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'the other end did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'the other end stopped in the middle',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody else',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is vouched for by nobody this machine trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is vouched for by nobody this machine trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is vouched for by nobody this machine trusts',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  'bad port': 'the port is one of those that are never asked over HTTP, as browsers have it',
}

/** Why the system refused, as the end of a sentence, without the path, which the sentence has. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string') return REASONS[code] ?? code
  const message = error instanceof Error ? error.message : String(error)
  return REASONS[message] ?? message
}
