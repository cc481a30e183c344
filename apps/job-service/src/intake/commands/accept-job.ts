import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  DEFAULT_TENANT,
  ProblemError,
  jobIdOf,
  jsonHash,
  type Actor,
  type CommitUpload,
  type JobHead,
  type JobReceipt,
} from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import { tracing } from '@kintsugi/tracing';
import { CheckDependencies, type Dependencies } from '../../dependencies/check-dependencies.js';
import { JobDirectory } from '../../directory/job-directory.js';
import type { JobServiceSettings } from '../../job-service.config.js';
import { NewIds } from '../../platform/new-ids.js';
import type { BundledJob } from '../../tasks/domain/chunk.js';
import { keptInBundle } from '../../tasks/domain/job-head.js';
import { bundleKeyOf, mayShareBundle } from '../domain/bundle.js';
import { requireExecutorFits } from '../domain/executor-rules.js';
import { chunkedLines, type Lineage } from '../domain/fresh-chunks.js';
import { CreatedJobs } from '../created-jobs.js';
import type { IncomingJob } from '../incoming-job.js';
import { IdempotencyStore, type KeyClaim } from '../mongo/idempotency-store.js';
import { BundleIntake } from './bundle-intake.js';
import { ChunkedIntake } from './chunked-intake.js';
import { ExternalIntake } from './external-intake.js';
import { UniqueJobs } from './unique-jobs.js';

/** How a job came to us, where its caller did not say. */
export interface Origin {
  userId: string;
  /** Whose the job will be. */
  tenant: string;
  /** Who makes it, for the audit. */
  by: Actor;
  /** Stands in for an idempotency key that the caller did not give: the same message never makes two jobs. */
  messageKey?: string;
  /** Where a handler makes it. Its key makes one job, whatever a later attempt asks for under it. */
  lineage?: Lineage;
}

/** Begins the key of a message. No key that a caller may give begins so: it has no control characters. */
const messageKeySpace = 'Nats-Msg-Id\t';
/** Begins the key of a tenant, whose name ends with another tab. */
const tenantKeySpace = 'Tenant\t';

interface Idempotency {
  key: string;
  fingerprint: string;
}

/**
 * Accepts a job, whatever its size: one task shares a bundle, more become chunks, none is a job to be planned.
 * The same idempotency key makes one job: requests at the same time share one answer, later ones get it again.
 */
@Injectable()
export class AcceptJob {
  private readonly underWay = new Map<string, { fingerprint: string; receipt: Promise<JobReceipt> }>();

  constructor(
    private readonly bundles: BundleIntake,
    private readonly chunked: ChunkedIntake,
    private readonly external: ExternalIntake,
    private readonly unique: UniqueJobs,
    private readonly keys: IdempotencyStore,
    private readonly directory: JobDirectory,
    private readonly dependencies: CheckDependencies,
    private readonly ids: NewIds,
    private readonly created: CreatedJobs,
    @Inject(SETTINGS) private readonly settings: Pick<JobServiceSettings, 'DEFAULT_JOB_TYPE'>,
  ) {}

  async create(job: IncomingJob, origin: Origin): Promise<JobReceipt> {
    requireExecutorFits(job.head, job.lines !== null);
    const { idempotency_key: given, validate_only: _, ...head } = job.head;
    const key = keyOf(given, origin) ?? (origin.messageKey === undefined ? undefined : `${messageKeySpace}${origin.messageKey}`);
    // Without a key, nobody asks whether the request is the same.
    const fingerprint = (): string => origin.lineage?.parent_job_id ?? fingerprintOf(head, job.tasksDigest);
    const idempotency = key === undefined ? null : { key, fingerprint: fingerprint() };
    return this.once(idempotency, () => this.accept(job, origin, idempotency));
  }

  /** The job that a key of the caller has made. */
  async madeBefore(given: string | undefined, origin: Origin): Promise<string | null> {
    const key = keyOf(given, origin);
    return key === undefined ? null : this.keys.jobOf(key);
  }

  /** Makes a job of the chunks that were staged under its id. */
  async commit(upload: CommitUpload, origin: Origin): Promise<JobReceipt> {
    requireExecutorFits(upload.job, true);
    const { idempotency_key: given, validate_only: _, ...head } = upload.job;
    const key = keyOf(given, origin);
    const idempotency = key === undefined ? null : { key, fingerprint: fingerprintOf(head, upload.fingerprint) };
    return this.once(idempotency, () => this.acceptUpload(upload, head, origin, idempotency));
  }

  private async acceptUpload(
    upload: CommitUpload,
    head: Omit<JobHead, 'idempotency_key' | 'validate_only'>,
    origin: Origin,
    idempotency: Idempotency | null,
  ): Promise<JobReceipt> {
    const { chunked } = this;
    const { job_id: jobId } = upload;
    const claim = await this.claim(idempotency, jobId);
    if (claim && idempotency) {
      if (claim.fingerprint !== idempotency.fingerprint) await chunked.abandon(jobId);
      const again = (): Promise<JobReceipt> => this.acceptUpload(upload, head, origin, idempotency);
      const receipt = await this.replay(claim, idempotency, again);
      if (receipt.job_id !== jobId) await chunked.abandon(jobId);
      return receipt;
    }
    const given = {
      type: head.type ?? this.settings.DEFAULT_JOB_TYPE,
      userId: head.user_id ?? origin.userId,
      tenant: origin.tenant,
      dependencies: await this.dependenciesOf(head, jobId, origin),
      traceparent: tracing()?.current,
    };
    return this.unique.admit({ ...given, jobId, unique: head.unique }, () => chunked.commit(upload, head, given));
  }

  private async accept(incoming: IncomingJob, origin: Origin, idempotency: Idempotency | null): Promise<JobReceipt> {
    const { head: data, lines } = incoming;
    const { bundles, chunked } = this;
    const type = data.type ?? this.settings.DEFAULT_JOB_TYPE;
    const userId = data.user_id ?? origin.userId;
    const [onlyLine] = lines ?? [];
    if (lines?.length === 1 && onlyLine !== undefined && !origin.lineage && mayShareBundle(data)) {
      const placed = await bundles.accept({
        key: bundleKeyOf(type, data, origin.tenant),
        type,
        priority: data.priority,
        safety: data.safety,
        job: tracedHead(keptInBundle({ ...data, type, user_id: userId, tenant: origin.tenant })),
        line: onlyLine,
        by: origin.by,
        idempotency,
      });
      if (placed.kind === 'accepted') return placed.receipt;
      return this.replay(placed.claim, idempotency as Idempotency, () => this.accept(incoming, origin, idempotency));
    }
    const jobId = jobIdOf(this.ids.uuid());
    const claim = await this.claim(idempotency, jobId);
    if (claim) return this.replay(claim, idempotency as Idempotency, () => this.accept(incoming, origin, idempotency));
    const { tenant, lineage } = origin;
    const dependencies = await this.dependenciesOf(data, jobId, origin);
    const given = { type, userId, tenant, lineage, madeBy: origin.by, dependencies, traceparent: tracing()?.current };
    const receipt = await this.unique.admit({ ...given, jobId, unique: data.unique }, () => {
      if (data.executor === 'external') return this.external.accept(jobId, data, given);
      return lines ? chunked.accept(jobId, data, given, chunkedLines(lines)) : chunked.acceptPlanned(jobId, data, given);
    });
    if (receipt.job_id === jobId) this.created.noteJob(jobId, origin.by);
    return receipt;
  }

  private dependenciesOf(head: JobHead, jobId: string, { tenant }: Origin): Promise<Dependencies | undefined> {
    return this.dependencies.of(head.depends_on, { jobId, tenant, rule: head.on_dependency_failure });
  }

  /** One acceptance a key at a time; who comes meanwhile gets the same answer. */
  private async once(idempotency: Idempotency | null, accept: () => Promise<JobReceipt>): Promise<JobReceipt> {
    if (!idempotency) return accept();
    const { key, fingerprint } = idempotency;
    const earlier = this.underWay.get(key);
    if (earlier) {
      if (earlier.fingerprint !== fingerprint) throw mismatch(key);
      return { ...(await earlier.receipt), replayed: true };
    }
    const receipt = accept().finally(() => this.underWay.delete(key));
    this.underWay.set(key, { fingerprint, receipt });
    return receipt;
  }

  private async claim(idempotency: Idempotency | null, jobId: string): Promise<KeyClaim | null> {
    if (!idempotency) return null;
    const known = await this.keys.claim([{ ...idempotency, jobId }]);
    return known.get(idempotency.key) ?? null;
  }

  /** The answer that the key got before; a key whose job was never written is free again. */
  private async replay(claim: KeyClaim, idempotency: Idempotency, acceptAnew: () => Promise<JobReceipt>): Promise<JobReceipt> {
    if (claim.fingerprint !== idempotency.fingerprint) throw mismatch(claim.key);
    // A message that comes late must not make again what somebody has deleted.
    if (claim.isDeleted) return { job_id: claim.jobId, status: 'deleting', total_tasks: null, replayed: true };
    const job = (await this.directory.open(claim.jobId))?.view();
    if (job) return { job_id: job.id, status: job.status, total_tasks: job.total_tasks, replayed: true };
    await this.keys.release(claim);
    return acceptAnew();
  }
}

/** What a bundle keeps of a job, with the span in which it is accepted, where that is traced. */
function tracedHead(kept: Omit<BundledJob, 'id'>): Omit<BundledJob, 'id'> {
  const traceparent = tracing()?.current;
  return traceparent === undefined ? kept : { ...kept, traceparent };
}

/** The key as it is kept: each tenant has keys of its own. */
function keyOf(given: string | undefined, { tenant }: Origin): string | undefined {
  return given === undefined || tenant === DEFAULT_TENANT ? given : `${tenantKeySpace}${tenant}\t${given}`;
}

/** The same for the same request, however its JSON is written, and whether its tasks come in it or as an upload. */
function fingerprintOf(head: object, tasksDigest: string): string {
  return createHash('sha256')
    .update(`${jsonHash(head)} ${tasksDigest}`)
    .digest('base64url');
}

function mismatch(key: string): ProblemError {
  const isMessage = key.startsWith(messageKeySpace);
  const ofTenant = key.startsWith(tenantKeySpace) ? key.slice(key.indexOf('\t', tenantKeySpace.length) + 1) : key;
  const [path, given] = isMessage ? ['header.nats-msg-id', key.slice(messageKeySpace.length)] : ['idempotency_key', ofTenant];
  return new ProblemError(
    'IDEMPOTENCY_MISMATCH',
    `This ${isMessage ? 'Nats-Msg-Id' : 'idempotency key'} has made a job from another request. Use a new one, or send the same request again.`,
    { errors: [{ path, rule: 'REUSED', got: given.slice(0, 100), allowed: 'one of its own for each request' }] },
  );
}
