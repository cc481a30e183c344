/** What can be wrong with a slot, and the first rung of the ladder that can put it right. */

export const rungs = ['stale-files', 'metadata', 'objects', 'clean', 'submodules', 're-clone'] as const;

export type Rung = (typeof rungs)[number];

export const rungOf = {
  'git-lock': 'stale-files',
  'temporary-file': 'stale-files',
  'operation-unfinished': 'stale-files',
  'record-broken': 'metadata',
  'config-changed': 'metadata',
  'hook-present': 'metadata',
  'foreign-file': 'metadata',
  'alternates-present': 'metadata',
  'shallow-present': 'metadata',
  'shallow-broken': 'metadata',
  unreadable: 'metadata',
  'head-broken': 'metadata',
  'ref-broken': 'metadata',
  'packed-refs-broken': 'metadata',
  'commit-unexpected': 'metadata',
  'index-broken': 'metadata',
  'pack-without-index': 'metadata',
  'pack-index-broken': 'metadata',
  'cache-broken': 'metadata',
  'pack-missing': 'objects',
  'object-empty': 'objects',
  'objects-broken': 'objects',
  'unpushed-work': 'clean',
  'branch-wrong': 'clean',
  'files-changed': 'clean',
  'submodule-changed': 'clean',
  /** The commit that it is at names one that may not be cloned. */
  'submodule-refused': 'clean',
  'submodule-missing': 'submodules',
  'submodule-broken': 'submodules',
  'folder-missing': 're-clone',
  'git-folder-missing': 're-clone',
  'foreign-owner': 're-clone',
  /** The slot leads out of the pool: nothing behind it is touched. */
  'path-escapes': null,
  /** This host is in the way: repairs would make it worse. */
  environment: null,
} as const satisfies Record<string, Rung | null>;

export type FindingKind = keyof typeof rungOf;

export interface Finding {
  kind: FindingKind;
  detail: string;
}

export function finding(kind: FindingKind, detail: string): Finding {
  return { kind, detail };
}

/** What makes a slot of an owner no less sound: it is his work. */
const ownersBusiness: readonly FindingKind[] = [
  ...(['git-lock', 'temporary-file', 'operation-unfinished', 'config-changed', 'hook-present', 'foreign-file'] as const),
  ...(['commit-unexpected', 'unpushed-work', 'branch-wrong', 'files-changed', 'shallow-present', 'alternates-present'] as const),
  ...(['submodule-changed', 'submodule-missing', 'submodule-refused', 'foreign-owner'] as const),
];

export function isOwnersBusiness({ kind }: Finding): boolean {
  return ownersBusiness.includes(kind);
}

/** What every command leaves now and then; it is swept when the slot is next given out, and is no corruption. */
export function isCorruption({ kind }: Finding): boolean {
  return kind !== 'git-lock' && kind !== 'temporary-file';
}

/** Findings in a few words, at most. */
export function wordsOf(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 5).map(({ kind, detail }) => `${kind}: ${detail}`);
  const more = findings.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}
