import { describe, expect, test } from '@jest/globals';
import type { Origin } from '@kintsugi/messaging';
import type { Backend } from '../../nats/backend.js';
import type { FleetRollCall } from '../nats/fleet-roll-call.js';
import { DescribeHealth } from './describe-health.js';

const origin = (tenant: string | null) => ({ actor: { role: 'viewer', tenant } }) as unknown as Origin;

/** Health over a history that answers when it is told to. */
function slowHistory() {
  const open: (() => void)[] = [];
  const backend = {
    ask: () =>
      new Promise((resolve) => {
        open.push(() => resolve({ items: [], pagination: { total: 7 } }));
      }),
  };
  const rollCall = { natsUp: true, health: () => Promise.resolve([]), metrics: () => Promise.resolve([]) };
  return { health: new DescribeHealth(rollCall as unknown as FleetRollCall, backend as unknown as Backend), open };
}

describe('jobs are counted', () => {
  test('once for all who ask meanwhile or soon after, and anew for who is of another tenant', async () => {
    const { health, open } = slowHistory();
    const both = [health.execute(origin(null)), health.execute(origin(null))];
    const once = open.length;
    expect(once).toBeGreaterThan(0);
    const other = health.execute(origin('acme'));
    expect(open).toHaveLength(2 * once);
    for (const answer of open.splice(0)) answer();
    for (const { jobs } of await Promise.all([...both, other])) expect(jobs?.failed_last_hour).toBe(7);
    expect((await health.execute(origin(null))).jobs?.failed_last_hour).toBe(7);
    expect(open).toHaveLength(0);
  });
});
