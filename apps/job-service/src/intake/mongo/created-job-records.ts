import { Injectable } from '@nestjs/common';
import { uuidBoundOf, type Actor } from '@kintsugi/contracts';
import { Store } from '@kintsugi/persistence';
import { AuditLog } from '@kintsugi/persistence/audit';
import type { JobRecord } from '../../jobs/domain/job.js';
import { jobCollection } from '../../jobs/mongo/job-store.js';
import type { ChunkDocument } from '../../tasks/mongo/chunk-document.js';
import { chunkCollection } from '../../tasks/mongo/chunk-indexes.js';

/** An entry tells of jobs within moments. What is older than the newest by more than this stands in one. */
const reachMs = 30_000;

interface CreatedRecord {
  /** A job, or the bundle whose places are meant: `job_` and its UUID. */
  id: string;
  madeBy: readonly { actor: Actor; places: readonly string[] | null }[];
}

/** Jobs as their records say who made them. */
@Injectable()
export class CreatedJobRecords {
  constructor(
    private readonly store: Store,
    private readonly audit: AuditLog,
  ) {}

  /** Those that were made lately and stand in no entry of the audit. */
  async untold(): Promise<CreatedRecord[]> {
    const newest = await this.audit.newestOf('created');
    const since = new Date((newest ? Date.parse(newest.at) : Date.now()) - reachMs);
    const told = new Set<string>();
    for await (const subject of this.audit.subjectsSince('created', since)) told.add(subject);
    const found: CreatedRecord[] = [];
    const bound = uuidBoundOf(since.getTime());
    const bundles = this.store
      .collection<ChunkDocument>(chunkCollection)
      .find({ _id: { $gte: bound }, made_by: { $exists: true } });
    for await (const { _id, made_by: madeBy = [] } of bundles.project<Pick<ChunkDocument, '_id' | 'made_by'>>({ made_by: 1 })) {
      found.push({ id: `job_${_id.slice(0, 36)}`, madeBy });
    }
    const jobs = this.store
      .collection<JobRecord>(jobCollection)
      .find({ _id: { $gte: `job_${bound}` }, made_by: { $exists: true } });
    for await (const { _id, made_by: actor } of jobs.project<Pick<JobRecord, '_id' | 'made_by'>>({ made_by: 1 })) {
      if (actor) found.push({ id: _id, madeBy: [{ actor, places: null }] });
    }
    return found.flatMap((record) => untoldIn(record, told));
  }
}

/** Those who made jobs of one bundle may stand in several entries. */
function untoldIn({ id, madeBy }: CreatedRecord, told: ReadonlySet<string>): CreatedRecord[] {
  const left = madeBy.flatMap(({ actor, places }): CreatedRecord['madeBy'] => {
    if (places === null) return told.has(id) ? [] : [{ actor, places }];
    const own = places.filter((place) => !told.has(`${id}.${place}`));
    return own.length === 0 ? [] : [{ actor, places: own }];
  });
  return left.length === 0 ? [] : [{ id, madeBy: left }];
}
