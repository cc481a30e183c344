import { ProblemError, auditServices, shown, type AuditEntry, type AuditPage, type AuditService } from '@kintsugi/contracts';

/** A page of one chain, and the cursor that it was asked for with; empty where it was the first. */
export interface PageOfChain {
  service: AuditService;
  page: AuditPage;
  from: string;
}

/** What the chains have together, by time. The cursor says where each of them goes on; one that is at its end is left out. */
export function mergedPage(pages: readonly PageOfChain[], limit: number, order: 'newest' | 'oldest'): AuditPage {
  const all = pages.flatMap(({ page }) => page.items).sort((one, other) => timesOf(one, other) * (order === 'newest' ? -1 : 1));
  // A page that ends before its chain does says nothing of what comes behind its last entry.
  const reach = pages.flatMap(({ page }) => (page.next_cursor === null ? [] : [indexBehind(all, page)]));
  const items = all.slice(0, Math.min(limit, ...reach));
  const cursors = pages.flatMap(({ service, page, from }): string[] => {
    const shownOfIt = items.filter((entry) => entry.service === service);
    const rest = page.items.length - shownOfIt.length;
    if (rest === 0) return page.next_cursor === null ? [] : [`${service}.${page.next_cursor}`];
    return [`${service}.${shownOfIt.at(-1)?.seq ?? from}`];
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

function indexBehind(all: readonly AuditEntry[], { items }: AuditPage): number {
  const last = items.at(-1);
  return last ? all.indexOf(last) + 1 : 0;
}
