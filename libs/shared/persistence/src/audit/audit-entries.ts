import type { Model, QueryFilter } from 'mongoose';
import {
  ProblemError,
  jsonBytes,
  shown,
  type ActionRequest,
  type AuditEntry,
  type AuditExport,
  type AuditPage,
} from '@kintsugi/contracts';
import { modelsOf } from '../models.js';
import type { Store } from '../store.js';
import { auditEntryModelSchema } from './audit-entry.schema.js';
import { entryOf, type AuditLog, type StoredAuditEntry } from './audit-log.js';
import { isAbout, refuseBound, visibleTo } from './audit-view.js';

/** As one message holds, with room for what is around it. */
const pageBytesMax = 512 * 1024;
const exportedMax = 500;
/** Entries may be large: no more are read than fit. */
const exportedAtOnce = 20;

type ListAudit = ActionRequest<'listJobAudit'>;

/** The audit of a service, for reading. */
export class AuditEntries {
  private readonly model: Model<StoredAuditEntry>;

  constructor(store: Store) {
    this.model = modelsOf(store).model<StoredAuditEntry>('AuditEntry', auditEntryModelSchema);
  }

  /** @param boundTo the tenant of who asks: he sees what is its, and of jobs that came in together his own */
  async page(request: ListAudit, boundTo: string | null): Promise<AuditPage> {
    const { limit, order, cursor, subject } = request;
    if (boundTo !== null && request.tenant !== undefined && request.tenant !== boundTo) return { items: [], next_cursor: null };
    const tenant = boundTo ?? request.tenant ?? null;
    const sort = order === 'newest' ? -1 : 1;
    const filter = { ...filterOf(request, tenant), ...placeOf(cursor, sort) };
    const found = await this.model
      .find(filter)
      .sort({ _id: sort })
      .limit(limit + 1)
      .lean<StoredAuditEntry[]>();
    const shown = await withinBytes(found.slice(0, limit));
    const last = shown.at(-1);
    return {
      items: shown.map((entry) => visibleTo(entry, boundTo)).filter((entry) => subject === undefined || isAbout(entry, subject)),
      next_cursor: last && shown.length < found.length ? String(last.seq) : null,
    };
  }

  /** The chain of a log as it is stored, from a place on: for who is bound to no tenant. */
  async exported(after: number, boundTo: string | null, log: AuditLog): Promise<AuditExport> {
    refuseBound(boundTo);
    // Before the entries: the end may move on meanwhile.
    const head = await log.head();
    return { items: await this.behind(after), head, public_key: log.publicKey };
  }

  /** As they are stored, from a place on. */
  async behind(seq: number): Promise<AuditEntry[]> {
    const found = this.model
      .find({ _id: { $gt: seq } })
      .sort({ _id: 1 })
      .limit(exportedMax)
      .lean<StoredAuditEntry[]>()
      .cursor({ batchSize: exportedAtOnce });
    return withinBytes(found);
  }
}

function filterOf(request: ListAudit, tenant: string | null): QueryFilter<StoredAuditEntry> {
  const { actor, action, subject, since, until, phase } = request;
  const at = {
    ...(since === undefined ? {} : { $gte: new Date(since).toISOString() }),
    ...(until === undefined ? {} : { $lt: new Date(until).toISOString() }),
  };
  return {
    phase: phase ?? { $ne: 'asked' },
    ...(actor === undefined ? {} : { 'by.actor.name': actor }),
    ...(action === undefined ? {} : { action }),
    ...(tenant === null ? {} : { 'by.tenant': tenant }),
    ...(subject === undefined ? {} : { 'by.subjects': subjectOf(subject) }),
    ...(Object.keys(at).length > 0 ? { at } : {}),
  };
}

/** A job of a bundle may stand among its neighbours: `job_….3-17`. */
function subjectOf(subject: string): string | RegExp | { $in: (string | RegExp)[] } {
  if (!/^job_[0-9a-f-]{36}\.\d{1,3}$/.test(subject)) return subject;
  return { $in: [subject, new RegExp(`^${subject.slice(0, subject.indexOf('.'))}\\.\\d+-\\d+$`)] };
}

function placeOf(cursor: string | undefined, sort: 1 | -1): QueryFilter<StoredAuditEntry> {
  if (cursor === undefined) return {};
  if (!/^[1-9]\d{0,15}$/.test(cursor)) {
    throw new ProblemError('CURSOR_INVALID', 'This cursor is not one of this list. Begin without a cursor.', {
      errors: [{ path: 'data.cursor', rule: 'FORMAT', got: shown(cursor), allowed: 'next_cursor of the page before' }],
    });
  }
  return sort === -1 ? { _id: { $lt: Number(cursor) } } : { _id: { $gt: Number(cursor) } };
}

/** The first of them that fit into a message: one at least. No more are read. */
async function withinBytes(found: Iterable<StoredAuditEntry> | AsyncIterable<StoredAuditEntry>): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  let bytes = 0;
  for await (const stored of found) {
    const entry = entryOf(stored);
    bytes += jsonBytes(entry);
    if (bytes > pageBytesMax && entries.length > 0) break;
    entries.push(entry);
  }
  return entries;
}
