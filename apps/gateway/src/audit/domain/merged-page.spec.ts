import { expect, test } from '@jest/globals';
import type { AuditEntry, AuditPage, AuditService } from '@kintsugi/contracts';
import { cursorsIn, mergedPage, type PageOfChain } from './merged-page.js';

/** Of each chain, the seconds at which something was written. */
const chains = { job: [1, 2, 5, 6, 9], recovery: [3, 4, 5], metrics: [], access: [] } as const satisfies Record<
  AuditService,
  number[]
>;

function entriesOf(service: AuditService): AuditEntry[] {
  return chains[service].map(
    (second, index) => ({ service, seq: index + 1, at: `2027-01-01T00:00:0${second}.000Z` }) as AuditEntry,
  );
}

function pageOf(service: AuditService, order: 'newest' | 'oldest', limit: number, from: string): AuditPage {
  const all = order === 'newest' ? entriesOf(service).reverse() : entriesOf(service);
  const behind = from === '' ? all : all.slice(all.findIndex(({ seq }) => String(seq) === from) + 1);
  const items = behind.slice(0, limit);
  return { items, next_cursor: items.length < behind.length ? String(items.at(-1)?.seq) : null };
}

test.each([1, 2, 3, 5, 20])('pages of %i give each entry of all chains once, by time', (limit) => {
  for (const order of ['newest', 'oldest'] as const) {
    const seen: AuditEntry[] = [];
    for (let cursor: string | undefined; ;) {
      const cursors = cursorsIn(cursor);
      const services = (Object.keys(chains) as AuditService[]).filter((service) => !cursors || cursors[service] !== undefined);
      const pages = services.map((service): PageOfChain => {
        const from = cursors?.[service] ?? '';
        return { service, from, page: pageOf(service, order, limit, from) };
      });
      const { items, next_cursor: next } = mergedPage(pages, limit, order);
      expect(items.length).toBeLessThanOrEqual(limit);
      seen.push(...items);
      if (next === null) break;
      cursor = next;
    }
    expect(seen).toHaveLength(8);
    const times = seen.map(({ at }) => at);
    expect(times).toEqual(order === 'newest' ? [...times].sort().reverse() : [...times].sort());
    for (const service of ['job', 'recovery'] as const) {
      const own = seen.filter((entry) => entry.service === service).map(({ seq }) => seq);
      expect(own).toEqual(order === 'newest' ? [...own].sort().reverse() : [...own].sort());
    }
  }
});

test('a chain stays in its order, and no entry is left out, where the clock of a replica is behind', () => {
  const of = (service: AuditService, seq: number, second: number) =>
    ({ service, seq, at: `2027-01-01T00:00:0${second}.000Z` }) as AuditEntry;
  const page = (service: AuditService, ...items: AuditEntry[]): PageOfChain => ({
    ...{ service, from: '' },
    page: { items, next_cursor: null },
  });
  const pages = [page('job', of('job', 10, 8), of('job', 9, 5), of('job', 8, 6)), page('recovery', of('recovery', 3, 7))];
  const first = mergedPage(pages, 3, 'newest');
  expect(first.items.map(({ service, seq }) => `${service}.${seq}`)).toEqual(['job.10', 'recovery.3', 'job.9']);
  expect(first.next_cursor).toBe('job.9');
});

test('a cursor of another list is refused', () => {
  for (const cursor of ['7', 'pool.3', 'job.3_', 'job.x']) expect(() => cursorsIn(cursor)).toThrow('not one of this list');
});
