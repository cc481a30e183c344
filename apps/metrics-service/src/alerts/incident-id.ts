import { createHash } from 'node:crypto';
import type { Incident } from '@kintsugi/contracts';

/** The same for every message about the same alert of Alertmanager, from when it began to fire. */
export function incidentIdOf({ fingerprint, startsAt }: Incident, tenant: string | null): string {
  const text = JSON.stringify([tenant, fingerprint, new Date(startsAt).getTime()]);
  return `inc_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
