import type { WebhookView } from '@kintsugi/contracts';

export type WebhookCondition = 'off' | 'disabled' | 'failing' | 'working' | 'unused';

/** off: a person wants it so. disabled: failures have ended it, and only a person can let it begin again. */
export function stateOf({
  enabled,
  disabled_reason,
  failing_since,
  delivered,
}: Pick<WebhookView, 'enabled' | 'disabled_reason' | 'failing_since' | 'delivered'>): WebhookCondition {
  if (!enabled) return disabled_reason === null ? 'off' : 'disabled';
  if (failing_since !== null) return 'failing';
  return delivered > 0 ? 'working' : 'unused';
}
