import { Injectable } from '@nestjs/common';
import { soon } from '@kintsugi/boundary';
import { bundledJobId, ProblemError, type Actor, type JobReceipt, type SafetyClass } from '@kintsugi/contracts';
import { Metrics } from '@kintsugi/observability';
import { Dispatcher } from '../../dispatch/dispatcher.js';
import { Clock } from '../../platform/clock.js';
import { NewIds } from '../../platform/new-ids.js';
import type { BundledJob } from '../../tasks/domain/chunk.js';
import { Bundle, bundleChunkId } from '../domain/bundle.js';
import { CreatedJobs } from '../created-jobs.js';
import { IdempotencyStore, type KeyClaim } from '../mongo/idempotency-store.js';

/** Jobs that wait for a place at most; beyond that, callers are asked to come back. */
const waitingMax = 100_000;
/** Bundles under way up to which each user has his own, so that nobody's job waits behind another's; beyond, users share. */
const apartMax = 16;

export interface SingleTaskJob {
  key: string;
  type: string;
  priority: number;
  safety: SafetyClass;
  job: Omit<BundledJob, 'id'>;
  line: string;
  by: Actor;
  idempotency: { key: string; fingerprint: string } | null;
}

export type Placed = { kind: 'accepted'; receipt: JobReceipt } | { kind: 'claimed before'; claim: KeyClaim };

interface Ticket {
  idempotency: SingleTaskJob['idempotency'];
  settle: (placed: Placed) => void;
  fail: (error: unknown) => void;
}

/**
 * Accepts single-task jobs in bundles. The first job is written at once; what arrives while a bundle is being written
 * shares the next one, so that load makes bundles larger and an idle system stays quick.
 */
@Injectable()
export class BundleIntake {
  private readonly open = new Map<string, Bundle<Ticket>>();
  private readonly writing = new Map<string, number>();
  private waiting = 0;

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly keys: IdempotencyStore,
    private readonly created: CreatedJobs,
    private readonly metrics: Metrics,
    private readonly ids: NewIds,
    private readonly clock: Clock,
  ) {}

  /** Resolves once the job is safe, or its idempotency key turned out to be taken. */
  async accept(single: SingleTaskJob): Promise<Placed> {
    if (this.waiting >= waitingMax) {
      throw new ProblemError('SERVICE_UNAVAILABLE', 'More jobs are waiting to be written than may. Try again in a moment.', {
        retry_after: 1,
      });
    }
    this.waiting += 1;
    try {
      return await new Promise<Placed>((settle, fail) => this.place(single, { idempotency: single.idempotency, settle, fail }));
    } finally {
      this.waiting -= 1;
    }
  }

  private place(single: SingleTaskJob, ticket: Ticket): void {
    const key = this.keyOf(single);
    let bundle = this.open.get(key);
    if (!bundle) {
      bundle = new Bundle<Ticket>(single.type, single.priority, single.safety);
      this.open.set(key, bundle);
      if (!this.writing.get(key)) soon('bundle-intake', () => this.close(key));
    }
    bundle.add({ job: single.job, line: single.line, by: single.by, ticket });
    if (bundle.isFull) this.close(key);
  }

  /** Whoever asks for much has a bundle under way at most times, and so keeps to his own. */
  private keyOf({ key, job }: SingleTaskJob): string {
    const own = `${key} ${job.user_id}`;
    const isUnderWay = this.open.has(own) || this.writing.has(own);
    return isUnderWay || this.open.size + this.writing.size < apartMax ? own : key;
  }

  private close(key: string): void {
    const bundle = this.open.get(key);
    if (!bundle) return;
    this.open.delete(key);
    this.writing.set(key, (this.writing.get(key) ?? 0) + 1);
    let isOver = false;
    const done = (): void => {
      if (!isOver) this.noteWritten(key);
      isOver = true;
    };
    this.write(bundle, done).catch((error: unknown) => {
      // Whatever went wrong: a bundle that counted as being written for ever would keep all that come after it waiting.
      done();
      for (const { ticket } of bundle.places) ticket.fail(error);
    });
  }

  private noteWritten(key: string): void {
    const writing = (this.writing.get(key) ?? 1) - 1;
    if (writing > 0) this.writing.set(key, writing);
    else {
      this.writing.delete(key);
      this.close(key);
    }
  }

  private async write(bundle: Bundle<Ticket>, done: () => void): Promise<void> {
    const { dispatcher, ids, clock, metrics } = this;
    const uuid = ids.uuid();
    const chunkId = bundleChunkId(uuid);
    const claimed = await this.claim(bundle, chunkId);
    bundle.places.forEach(({ ticket }, index) => {
      const claim = claimed.get(index);
      if (claim) ticket.settle({ kind: 'claimed before', claim });
    });
    if (claimed.size === bundle.places.length) {
      done();
      return;
    }
    const chunk = bundle.toChunk(uuid, new Set(claimed.keys()), clock.now());
    dispatcher.admit(chunk, (voided) => {
      done();
      if (voided) {
        for (const { ticket } of bundle.places) ticket.fail(voided);
        return;
      }
      bundle.places.forEach(({ ticket }, index) => {
        if (!claimed.has(index)) ticket.settle({ kind: 'accepted', receipt: receiptOf(bundledJobId(chunkId, index)) });
      });
      this.created.noteBundle(chunkId, chunk.identity.madeBy ?? []);
      const accepted = bundle.places.length - claimed.size;
      metrics.count('kintsugi_jobs_accepted_total', { type: bundle.type }, accepted);
      metrics.count('kintsugi_tasks_accepted_total', { type: bundle.type }, accepted);
    });
  }

  /** The places whose key had been claimed by another job. */
  private async claim(bundle: Bundle<Ticket>, chunkId: string): Promise<Map<number, KeyClaim>> {
    const claims = bundle.places.flatMap(({ ticket }, index) =>
      ticket.idempotency ? [{ ...ticket.idempotency, jobId: bundledJobId(chunkId, index) }] : [],
    );
    const known = await this.keys.claim(claims);
    const claimed = new Map<number, KeyClaim>();
    bundle.places.forEach(({ ticket }, index) => {
      const claim = ticket.idempotency && known.get(ticket.idempotency.key);
      if (claim) claimed.set(index, claim);
    });
    return claimed;
  }
}

function receiptOf(jobId: string): JobReceipt {
  return { job_id: jobId, status: 'pending', total_tasks: 1, replayed: false };
}
