import { ProblemError, auditServices, shown, type AuditEntry, type AuditPage, type AuditService } from '@kintsugi/contracts';

/** A page of one chain, and the cursor that it was asked for with; empty where it was the first. */
export interface PageOfChain {
  service: AuditService;
  page: AuditPage;
  from: string;
}

/** What the chains have together, by time. The cursor says where each of them goes on; one that is at its end is left out. */
export function mergedPage(pages: readonly PageOfChain[], limit: number, order: 'newest' | 'oldest'): AuditPage {
  const sign = order === 'newest' ? -1 : 1;
  const items: AuditEntry[] = [];
  const next = new Map(pages.map(({ service }) => [service, 0]));
  // A chain stays in its own order, whatever the clocks of its replicas say. One whose page ends before it does says nothing of what follows.
  while (items.length < limit) {
    const heads = pages.map(({ service, page }) => ({
      head: page.items[next.get(service) ?? 0],
      isOver: page.next_cursor === null,
    }));
    if (heads.some(({ head, isOver }) => !head && !isOver)) break;
    const [first] = heads.flatMap(({ head }) => head ?? []).sort((one, other) => timesOf(one, other) * sign);
    if (!first) break;
    items.push(first);
    next.set(first.service, (next.get(first.service) ?? 0) + 1);
  }
  const cursors = pages.flatMap(({ service, page, from }): string[] => {
    const taken = next.get(service) ?? 0;
    if (taken === page.items.length) return page.next_cursor === null ? [] : [`${service}.${page.next_cursor}`];
    return [`${service}.${page.items[taken - 1]?.seq ?? from}`];
  });
  return { items, next_cursor: cursors.length > 0 ? cursors.join('_') : null };
}

/** Where each chain goes on; null for the first page of all. */
export function cursorsIn(cursor: string | undefined): Partial<Record<AuditService, string>> | null {
  if (cursor === undefined) return null;
  const places = cursor.split('_').map((part) => /^([a-z]+)\.(\d{0,15})$/.exec(part));
  if (places.every((place) => place !== null && auditServices.some((service) => service === place[1]))) {
    const named = places.map((place): [string, string] => [place?.[1] ?? '', place?.[2] ?? '']);
    return Object.fromEntries(named);
  }
  throw new ProblemError('CURSOR_INVALID', 'This cursor is not one of this list. Begin without a cursor.', {
    errors: [{ path: 'query.cursor', rule: 'FORMAT', got: shown(cursor), allowed: 'next_cursor of the page before' }],
  });
}

/** Of one moment, those of one chain stay in their order. */
function timesOf(one: AuditEntry, other: AuditEntry): number {
  if (one.at !== other.at) return one.at < other.at ? -1 : 1;
  return one.service === other.service ? one.seq - other.seq : one.service < other.service ? -1 : 1;
}
