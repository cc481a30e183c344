import type { RetryConfig, RetryConfigDiff, RetryConfigVersion } from '@kintsugi/contracts';

/** Whether two configs say the same, in whatever order. */
export function isSameConfig(one: RetryConfig | null, other: RetryConfig | null): boolean {
  return changesBetween(one, other).length === 0;
}

/** What differs between two configs, by field; the parts of lists by their place. */
export function changesBetween(before: RetryConfig | null, after: RetryConfig | null): RetryConfigDiff['changes'] {
  const [old, now] = [partsOf(before), partsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path) => {
    const [one, other] = [old.get(path), now.get(path)];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    return [{ path, ...(one === undefined ? {} : { before: one }), ...(other === undefined ? {} : { after: other }) }];
  });
}

/** The version that a revert brings back: the one before the newest, or the one that is named; null where it is not there. */
export function versionToRevertTo(
  history: readonly RetryConfigVersion[],
  to: number | undefined,
): Pick<RetryConfigVersion, 'version' | 'config'> | null {
  const [newest] = history;
  if (!newest) return null;
  const wanted = to ?? newest.version - 1;
  // Before the first version nothing was set.
  if (wanted === 0) return { version: 0, config: null };
  return history.find(({ version }) => version === wanted) ?? null;
}

function partsOf(config: RetryConfig | null): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  for (const [field, value] of Object.entries(config ?? {})) {
    if (value === undefined) continue;
    if (Array.isArray(value)) value.forEach((part, index) => parts.set(`${field}[${index}]`, part));
    else parts.set(field, value);
  }
  return parts;
}
