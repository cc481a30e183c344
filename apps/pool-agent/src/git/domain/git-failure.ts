/** What a failed call of git means for the slot that it was about. */
export type GitFailureKind =
  /** The remote can't be reached now: worth another try. */
  | 'network'
  /** The remote is there and says no. */
  | 'refused'
  /** This host is in the way: no room, no right, no memory. A repair would make it worse. */
  | 'environment'
  | 'timeout'
  /** The repository is not as it should be. */
  | 'corrupt';

/** A call of git that failed, with the end of what it said. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';

  constructor(
    readonly kind: GitFailureKind,
    readonly command: string,
    readonly evidence: string,
    readonly code: number | null,
  ) {
    super(`git ${command}: ${evidence || `it ended with ${code}`}`);
  }
}

const signs: [GitFailureKind, RegExp][] = [
  [
    'environment',
    /No space left on device|Disk quota exceeded|Read-only file system|Input\/output error|Stale file handle|Too many open files|Cannot allocate memory|out of memory|Resource temporarily unavailable|dubious ownership/i,
  ],
  [
    'network',
    /Could not resolve host|Temporary failure in name resolution|Connection (?:refused|reset|timed out|closed)|Network is unreachable|No route to host|Operation timed out|Failed to connect|early EOF|remote end hung up|unexpected disconnect|TLS connection|SSL_ERROR|RPC failed|The requested URL returned error: (?:5\d\d|429)|Operation too slow|kex_exchange_identification/i,
  ],
  [
    'refused',
    /Authentication failed|could not read (?:Username|Password)|Permission denied \(|Host key verification failed|Repository not found|does not appear to be a git repository|The requested URL returned error: [34]\d\d|unable to update url base from redirection|access denied|repository .* not (?:found|exported)|transport .* not allowed/i,
  ],
  ['environment', /Permission denied|Operation not permitted/i],
];

const triedToAllocate = /Out of memory, \w+ failed \(tried to allocate (\d+) bytes\)/gi;

/** No file is as large: a wish for so much memory comes from a size that was read wrong. */
const plausibleBytesMax = 2 ** 40;

export function kindOfFailure(said: string): GitFailureKind {
  const ofHost = said.replace(triedToAllocate, (words, bytes: string) => (Number(bytes) > plausibleBytesMax ? '' : words));
  return signs.find(([, sign]) => sign.test(ofHost))?.[0] ?? 'corrupt';
}

/** How a crash of git is told: what it says of a fault that it finds itself. */
export const crashCode = 128;

/**
 * Whether git has ended by its own fault, as it does over files that are broken, and was not killed by somebody. A disk that can't be
 * read ends it by SIGBUS, and a program that this host can't run by SIGILL.
 */
export function hasCrashed(signal: string | null): boolean {
  return signal !== null && ['SIGABRT', 'SIGFPE', 'SIGSEGV'].includes(signal);
}

const environmentCodes = new Set(
  'ENOSPC EDQUOT EROFS EIO ESTALE EMFILE ENFILE EACCES EPERM ENOMEM EAGAIN EBUSY ENODEV DISK_UNAVAILABLE'.split(' '),
);

/** What a failed call of git or of the file system means; null for a fault of the program. */
export function kindOfError(error: unknown): GitFailureKind | null {
  if (error instanceof GitFailure) return error.kind;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return code !== undefined && environmentCodes.has(code) ? 'environment' : null;
}

const evidenceMax = 1_000;

/** The end of what git said, without what a terminal would act on and without passwords in URLs. */
export function evidenceOf(said: string): string {
  const plain = said
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/(\w+:\/\/)[^\s/@]+@/g, '$1…@')
    .trim();
  return plain.length <= evidenceMax ? plain : `…${plain.slice(-evidenceMax)}`;
}

/** Whether git has failed because the repository is broken, and not because of this host or the remote. */
export function isCorrupt(error: unknown): boolean {
  return error instanceof GitFailure && error.kind === 'corrupt';
}
