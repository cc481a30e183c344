import { describe, expect, test } from '@jest/globals';
import { historyTotalMax, type JobHistoryPage } from '@kintsugi/contracts';
import type { Origin } from '@kintsugi/messaging';
import type { Backend } from '../../nats/backend.js';
import type { FleetRollCall } from '../nats/fleet-roll-call.js';
import { DescribeHealth } from './describe-health.js';

const origin = (tenant: string | null) => ({ actor: { role: 'viewer', tenant } }) as unknown as Origin;

type Pagination = Pick<JobHistoryPage['pagination'], 'total' | 'total_is_capped'>;

function healthOver(ask: (request: { filters: { status: string[] } }) => Promise<{ items: []; pagination: Pagination }>) {
  const backend = { ask: (_action: string, request: never) => ask(request) };
  const rollCall = { natsUp: true, health: () => Promise.resolve([]), metrics: () => Promise.resolve([]) };
  return new DescribeHealth(rollCall as unknown as FleetRollCall, backend as unknown as Backend);
}

/** Health over a history that answers when it is told to. */
function slowHistory() {
  const open: (() => void)[] = [];
  const health = healthOver(
    () =>
      new Promise((resolve) => {
        open.push(() => resolve({ items: [], pagination: { total: 7, total_is_capped: false } }));
      }),
  );
  return { health, open };
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

  test('as far as they are counted, and not at all where counting ended before that', async () => {
    const failed = { total: 500, total_is_capped: false };
    const withCompleted = async (completed: Pagination) => {
      const health = healthOver(async ({ filters: { status } }) => ({
        items: [],
        pagination: status[0] === 'completed' ? completed : failed,
      }));
      const { jobs, reasons } = await health.execute(origin(null));
      return [jobs?.completed_last_hour, reasons.some(({ reason }) => reason.includes('last hour'))];
    };
    expect(await withCompleted({ total: historyTotalMax, total_is_capped: true })).toEqual([historyTotalMax, false]);
    expect(await withCompleted({ total: 2, total_is_capped: false })).toEqual([2, true]);
    expect(await withCompleted({ total: 2, total_is_capped: true })).toEqual([undefined, false]);
  });
});
