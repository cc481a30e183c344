import { inBackground } from '@kintsugi/boundary';
import { natsActor, type Inventory, type JobHead, type SafetyClass, type Unique } from '@kintsugi/contracts';
import type { Bus, HearingClock } from '@kintsugi/messaging';
import { CarryOutDeletion } from '../../deletion/carry-out-deletion.js';
import { FollowParents } from '../../directory/follow-parents.js';
import { JobDirectory } from '../../directory/job-directory.js';
import { JobEraser } from '../../directory/job-eraser.js';
import { AbortJob } from '../../dispatch/abort-job.js';
import { ApplyRecovery } from '../../inbox/commands/apply-recovery.js';
import type { Deletion } from '../../jobs/deletions.js';
import { type DeletionsInMemory } from '../../jobs/deletions-in-memory.js';
import { type JobRecordsInMemory } from '../../jobs/job-records-in-memory.js';
import { RerunHolds } from '../../jobs/rerun-holds.js';
import { AcceptJob } from '../../intake/commands/accept-job.js';
import { BundleIntake } from '../../intake/commands/bundle-intake.js';
import type { ExternalIntake } from '../../intake/commands/external-intake.js';
import { UniqueJobs } from '../../intake/commands/unique-jobs.js';
import type { CreatedJobs } from '../../intake/created-jobs.js';
import type { IdempotencyStore } from '../../intake/mongo/idempotency-store.js';
import { StepsOfTask } from '../../steps/steps-of-task.js';
import type { NewIds } from '../../platform/new-ids.js';
import type { StoredChunks } from '../../tasks/chunk-record-in-memory.js';
import { serviceInMemory, whileAlive } from '../service-in-memory.js';
import { TakeOverJobs } from '../take-over-jobs.js';
import type { ModelledJob } from './modelled-jobs.js';
import type { ModelledKeys } from './modelled-keys.js';

/** What outlives a service that is killed. */
export interface Surviving {
  stored: StoredChunks;
  jobs: JobRecordsInMemory;
  deletions: DeletionsInMemory;
  keys: ModelledKeys;
}

export interface AroundModelled {
  publish: (subject: string, body: string | Uint8Array) => void;
  /** Time for which workers could be heard. */
  heard: () => number;
  uuid: () => string;
  onFault: (error: unknown) => void;
}

export const modelledQueue = 'send';
const chunkSize = 2;
const uniqueWhile = ['pending', 'running', 'paused', 'recovering', 'cancelling', 'completed', 'failed', 'cancelled'] as const;

/** All of job-service that changes jobs, as it is wired there, until it is killed. */
export class ModelledService {
  readonly parts: ReturnType<typeof serviceInMemory>;
  private readonly takeOver: TakeOverJobs;
  private readonly directory: JobDirectory;
  private readonly recovery: ApplyRecovery;
  private readonly unique: UniqueJobs;
  private readonly acceptJob: AcceptJob;
  private readonly deletion: CarryOutDeletion;
  private readonly hearers: (() => void)[] = [];
  private isAlive = true;

  constructor(
    private readonly surviving: Surviving,
    epoch: number,
    around: AroundModelled,
  ) {
    const hearing = {
      get now() {
        return around.heard();
      },
      hearsSince: -Infinity,
      onHeard: (listener: () => void): void => {
        this.hearers.push(listener);
      },
    } as Partial<HearingClock>;
    const bus = {
      state: 'up',
      publish: (subject: string, body: string | Uint8Array) => {
        if (this.isAlive) around.publish(subject, body);
      },
      hasListener: () => Promise.resolve(true),
      ask: () => Promise.resolve(),
    } as unknown as Bus;
    const { onFault } = around;
    this.parts = serviceInMemory(surviving, { epoch, isAlive: () => this.isAlive, hearing, bus, onFault });
    const { jobs, chunks, live, ledger, external, queues, publisher, deletions, clock } = this.parts;
    const { cancelTasks, pauseTasks, openTasks, prioritiseTasks, engine, releaseJobs } = this.parts;
    const { chunked, takeOver, commitPlan, releaseTasks, reconciler } = this.parts;
    const begun = [commitPlan, prioritiseTasks, cancelTasks, releaseTasks, reconciler] as const;
    this.takeOver = new TakeOverJobs(chunks, jobs, chunked, ledger, takeOver, live, ...begun, clock);
    const moves = [cancelTasks, pauseTasks, openTasks, prioritiseTasks, queues] as const;
    this.directory = new JobDirectory(jobs, chunks, chunks, live, ledger, external, ...moves);
    const steps = new StepsOfTask(this.parts.steps);
    const holds = new RerunHolds(jobs, ledger);
    this.unique = new UniqueJobs(jobs, this.directory, chunked, holds);
    this.recovery = new ApplyRecovery(engine, holds, clock, new AbortJob(ledger, cancelTasks), steps);
    const eraser = new JobEraser(this.directory, jobs, ledger, this.parts.eraseTasks);
    const follow = new FollowParents(jobs, jobs, this.directory);
    const nothing = (): Promise<void> => Promise.resolve();
    const keys = whileAlive(surviving.keys, () => this.isAlive);
    const traces = {
      closeKeys: (jobIds: readonly string[]) => keys.noteDeleted(jobIds),
      openKeys: (jobIds: readonly string[]) => keys.noteKept(jobIds),
      remove: nothing,
    };
    const ids = { uuid: around.uuid };
    const rest = [traces, { forget: nothing }, publisher, deletions, clock, ids] as const;
    this.deletion = new CarryOutDeletion(this.directory, eraser, follow, releaseJobs, jobs, ...rest);
    this.acceptJob = this.intakeOver(keys, ids);
  }

  private intakeOver(surviving: ModelledKeys, ids: NewIds): AcceptJob {
    const { dispatcher, chunked, checkDependencies, metrics, clock } = this.parts;
    const keys = surviving as unknown as IdempotencyStore;
    const created = { noteBundle: () => undefined } as unknown as CreatedJobs;
    const bundles = new BundleIntake(dispatcher, keys, created, metrics, ids, clock);
    const none = {} as ExternalIntake;
    const rest = [keys, this.directory, checkDependencies, ids, created, { DEFAULT_JOB_TYPE: modelledQueue }] as const;
    return new AcceptJob(bundles, chunked, none, this.unique, ...rest);
  }

  /** What a replica does as soon as it leads. */
  async begin(): Promise<void> {
    await this.takeOver.execute();
    this.parts.watch.start();
    this.parts.dispatcher.wake();
  }

  kill(): void {
    this.isAlive = false;
    this.parts.dispatcher.stop();
    // Its timers only: of what it would write nothing arrives.
    inBackground('model.kill', () => this.parts.ledger.stop());
  }

  /** Gives the job that holds the key. */
  async submit({ jobId, key, tasks, safety, rule }: ModelledJob): Promise<string> {
    const unique: Unique = { key, while: [...uniqueWhile], on_conflict: 'return' };
    const owner = { tenant: 'default', userId: 'u' };
    const head = { product_id: 'p', sending_group_id: 'g', priority: 5, safety, labels: {}, on_dependency_failure: rule, unique };
    const lines = tasks.map((task) => JSON.stringify(task));
    const groups = Array.from({ length: Math.ceil(lines.length / chunkSize) }, (_, at) =>
      lines.slice(at * chunkSize, (at + 1) * chunkSize),
    );
    const { job_id: holder } = await this.unique.admit({ jobId, unique, ...owner }, () =>
      this.parts.chunked.accept(jobId, head, { type: modelledQueue, ...owner }, groups),
    );
    return holder;
  }

  /** Jobs of one task, asked for at once, each under an idempotency key. Gives the ids with which they are answered. */
  submitSingles(keys: readonly string[], safety: SafetyClass): Promise<string[]> {
    const origin = { userId: 'u', tenant: 'default', by: natsActor };
    return Promise.all(
      keys.map(async (key) => {
        const about = { product_id: 'p', sending_group_id: key, priority: 5, labels: {} };
        const head: JobHead = { ...about, safety, idempotency_key: key };
        return (await this.acceptJob.create({ head, lines: ['{}'], tasksDigest: '' }, origin)).job_id;
      }),
    );
  }

  async ask(move: 'cancel' | 'pause' | 'resume', jobId: string, stop = false): Promise<boolean> {
    const job = await this.directory.open(jobId);
    return (await job?.apply(move, { by: 'ann', stop })) ?? false;
  }

  /** What recovery-service, or a person there, has decided about tasks. */
  async recover(decision: Decision, tasks: { task_id: string; attempt: number }[]): Promise<void> {
    const { recovery } = this;
    if (decision === 'defer') {
      const next_attempt_at = new Date(this.parts.clock.at).toISOString();
      await recovery.defer({ tasks: tasks.map((task) => ({ ...task, next_attempt_at })) });
    } else if (decision === 'retry') await recovery.retry({ tasks });
    else if (decision === 'discard') await recovery.discard({ tasks: tasks.map((task) => ({ ...task, reason: 'model' })) });
    else await recovery.requeue({ tasks });
  }

  async delete(deletion: Deletion): Promise<void> {
    await this.parts.deletions.add(deletion);
    await this.deletion.execute(deletion);
  }

  /** What is done now and then: deletions that were begun go on, and the record is held against what should have followed. */
  async round(): Promise<void> {
    for (const deletion of await this.surviving.deletions.unfinished('', 100)) await this.deletion.execute(deletion);
    await this.parts.reconciler.round();
    this.parts.dispatcher.wake();
  }

  hear(): void {
    if (this.isAlive) for (const hearer of this.hearers) hearer();
  }

  async takeInventory(workerId: string, held: [string, number][]): Promise<void> {
    const about = { host: 'h', pid: 1, slots: 3, queues: [modelledQueue], draining: false, running: [] };
    const inventory: Inventory = { worker_id: workerId, ...about, held };
    this.parts.watch.beat(workerId);
    await this.parts.watch.takeInventory(inventory);
  }
}

export const decisions = ['defer', 'retry', 'discard', 'requeue'] as const;
export type Decision = (typeof decisions)[number];

export function deletionOf(number: number, jobId: string): Deletion {
  return { id: `del_${number}`, jobIds: [jobId], requestedBy: natsActor, requestId: 'r' };
}
