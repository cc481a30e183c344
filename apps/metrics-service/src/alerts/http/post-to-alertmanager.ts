import { alertSignals } from '@kintsugi/contracts';
import type { Alert } from '../domain/alert.js';

const timeoutMs = 5_000;
/** An alert that is not told again for so long is over for Alertmanager. */
const endsAfterMs = 300_000;

/** By this label an alert of ours is known that comes back by Alertmanager. */
export const originLabel = { name: 'origin', value: 'kintsugi-condition' } as const;

/** What Alertmanager takes at `/api/v2/alerts`. It knows an alert by its labels, so these are the same each time. */
export function alertmanagerBody(alerts: readonly Alert[], now: Date): object[] {
  return alerts.map(({ labels, summary, value, runbook_url: runbook, fired_at: fired, since, resolved_at: resolved }) => {
    const { signal } = labels;
    const about = signal !== undefined && signal in alertSignals ? alertSignals[signal as keyof typeof alertSignals].about : '';
    return {
      labels: { ...labels, [originLabel.name]: originLabel.value },
      annotations: {
        summary,
        description: about,
        ...(value === null ? {} : { value: String(value) }),
        ...(runbook === null ? {} : { runbook_url: runbook }),
      },
      startsAt: (fired ?? since).toISOString(),
      endsAt: (resolved ?? new Date(now.getTime() + endsAfterMs)).toISOString(),
    };
  });
}

/** Tells one Alertmanager how alerts stand. Throws where it does not take them. The address is the operator's own, and may be private. */
export async function postToAlertmanager(url: string, body: readonly object[]): Promise<void> {
  const response = await fetch(new URL('api/v2/alerts', url.endsWith('/') ? url : `${url}/`), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Alertmanager answered ${response.status}.`);
}
