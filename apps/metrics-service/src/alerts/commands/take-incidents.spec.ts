import { expect, test } from '@jest/globals';
import type { Incident, TakenIncidents } from '@kintsugi/contracts';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import type { AlertRounds } from '../alert-rounds.js';
import type { Alert } from '../domain/alert.js';
import type { AlertStore } from '../mongo/alert-store.js';
import { TakeIncidents } from './take-incidents.js';

const openMax = 5_000;

/** Incidents in memory, of which others may be open already. */
class Incidents {
  readonly kept = new Map<string, Pick<Alert, 'state' | 'tenant'>>();

  private readonly taking = new TakeIncidents(
    this as unknown as AlertStore,
    { look: () => undefined } as unknown as AlertRounds,
    { INCIDENT_RECOVERIES: [] } as unknown as MetricsServiceSettings,
  );

  take(tenant: string | null, ...alerts: Incident[]): Promise<TakenIncidents> {
    const actor = { key: 'k', name: 'am', role: 'operator', tenant, door: 'http', address: null } as const;
    return this.taking.execute({ alerts }, actor);
  }

  fill(tenant: string | null, count: number): void {
    for (let at = 0; at < count; at += 1) this.kept.set(`${tenant} ${at}`, { state: 'firing', tenant });
  }

  async hasIncident(id: string): Promise<boolean> {
    return this.kept.has(id);
  }

  async countIncidents(tenant: string | null, limit: number): Promise<number> {
    return Math.min(limit, [...this.kept.values()].filter((one) => one.state === 'firing' && one.tenant === tenant).length);
  }

  async addIncident({ _id, state, tenant }: Alert): Promise<boolean> {
    if (this.kept.has(_id)) return false;
    this.kept.set(_id, { state, tenant });
    return true;
  }

  async resolveIncident(id: string): Promise<boolean> {
    const known = this.kept.get(id);
    if (known?.state !== 'firing') return false;
    known.state = 'resolved';
    return true;
  }
}

const told = (fingerprint: string, status: Incident['status'] = 'firing'): Incident => ({
  ...{ status, fingerprint, startsAt: '2026-01-01T00:00:00.000Z', labels: { alertname: fingerprint }, annotations: {} },
});

test('with as many open as may be, what is known and what ends is taken still, and what is new once there is room', async () => {
  const incidents = new Incidents();
  await incidents.take(null, told('one'), told('two'));
  incidents.fill(null, openMax - 2);
  expect(await incidents.take(null, told('one'))).toEqual({ opened: 0, resolved: 0, known: 1 });
  await expect(incidents.take(null, told('three'))).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(await incidents.take(null, told('three'), told('two', 'resolved'))).toEqual({ opened: 1, resolved: 1, known: 0 });
});

test('the incidents of one tenant leave the others their room', async () => {
  const incidents = new Incidents();
  incidents.fill('noisy', openMax);
  await expect(incidents.take('noisy', told('more'))).rejects.toMatchObject({ code: 'OVERLOADED' });
  expect(await incidents.take('quiet', told('one'))).toMatchObject({ opened: 1 });
  expect(await incidents.take(null, told('one'))).toMatchObject({ opened: 1 });
});
