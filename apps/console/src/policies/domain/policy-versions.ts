import type { ActionInput, RetryConfigDetails, RetryConfigVersion } from '@kintsugi/contracts';
import { shellWord } from '../../display/domain/shell-word.js';

/** Whose policy holds: what was set for the very type, that of a prefix or of all others, or nothing but the settings of the service. */
type PolicySource = 'own' | 'prefix' | 'others' | 'settings';

export function sourceOf({ error_type, holds, history }: RetryConfigDetails): PolicySource {
  if (history[0]?.config) return 'own';
  if (holds.error_type !== '*') return 'prefix';
  return error_type === '*' ? 'settings' : 'others';
}

/** A version to look at, and the one that it is compared with. */
export interface ShownVersion {
  version: RetryConfigVersion;
  /** The one before; undefined where it is the first, or where that is kept no longer. */
  before: RetryConfigVersion | undefined;
  isBeforeForgotten: boolean;
}

/** The version that is asked for, or the newest where there is none such; null where nothing was ever set. */
export function versionShown(history: readonly RetryConfigVersion[], wanted: number | undefined): ShownVersion | null {
  const index = Math.max(
    0,
    history.findIndex(({ version }) => version === wanted),
  );
  const [version, before] = history.slice(index);
  return version ? { version, before, isBeforeForgotten: before === undefined && version.version > 1 } : null;
}

/** What is asked for to compare it. */
export function comparisonOf(errorType: string, { version, before }: ShownVersion): ActionInput<'diffRetryConfig'> {
  return { error_type: errorType, ...(before ? { from: before.version } : {}), to: version.version };
}

/** The command that compares it. */
export function comparisonCommand({ error_type, from, to }: ActionInput<'diffRetryConfig'>): string {
  const versions = [...(from === undefined ? [] : [`--from ${from}`]), ...(to === undefined ? [] : [`--to ${to}`])];
  return ['./kintsugi policy diff', shellWord(error_type), ...versions].join(' ');
}

export type PolicyDeed = { kind: 'revert'; to: number } | { kind: 'unset' };

/** What can be done to a policy: a first version has none to go back to, and what was taken back is not set. */
export function policyDeeds([newest, before]: readonly RetryConfigVersion[]): PolicyDeed[] {
  return [
    ...(before ? [{ kind: 'revert' as const, to: before.version }] : []),
    ...(newest?.config ? [{ kind: 'unset' as const }] : []),
  ];
}
