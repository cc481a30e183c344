import { inBackground } from '@kintsugi/boundary';
import { taskIdOf, type LeaseOutcome, type SafetyClass } from '@kintsugi/contracts';
import { DeletionsInMemory } from '../../jobs/deletions-in-memory.js';
import { JobRecordsInMemory } from '../../jobs/job-records-in-memory.js';
import { jobOfShape, ModelledJobs, modelledUuid, type JobShape, type KnownJob } from './modelled-jobs.js';
import { ModelledKeys } from './modelled-keys.js';
import { ModelledPromises } from './modelled-promises.js';
import { deletionOf, ModelledService, type Decision, type Surviving } from './modelled-service.js';
import { turnsOf } from '../service-in-memory.js';
import { ModelledWire } from './modelled-wire.js';
import type { ModelledWorker } from './modelled-worker.js';

/** What may be under way when the service is killed. */
export const interruptible = [
  'nothing',
  'submit',
  'submit singles',
  'cancel',
  'pause',
  'report',
  'dispatch',
  'delete',
  'retry',
] as const;
export type Interrupted = (typeof interruptible)[number];

const longMs = 60_000;

/** job-service, its workers and the messages between them, and what must hold of them. */
export class ModelledWorld {
  private readonly surviving: Surviving = {
    stored: new Map(),
    jobs: new JobRecordsInMemory(),
    deletions: new DeletionsInMemory(),
    keys: new ModelledKeys(),
  };
  private readonly jobs = new ModelledJobs(this.surviving.stored);
  private readonly promises = new ModelledPromises(this.surviving, this.jobs);
  private readonly wire = new ModelledWire({
    onSent: (header, worker) => this.promises.noteSent(header, worker),
    report: (outcome) => this.report(outcome),
  });
  /** Keys under which jobs of one task were asked for, and how safe those are. */
  private readonly singles: { key: string; safety: SafetyClass }[] = [];
  private service: ModelledService;
  private epoch = 0;
  private heardMs = 0;
  private made = 0;

  private constructor() {
    this.service = this.next();
  }

  static async begin(): Promise<ModelledWorld> {
    const world = new ModelledWorld();
    await world.service.begin();
    await world.settle();
    return world;
  }

  get faults(): string[] {
    return this.promises.faults;
  }

  async submit(shape: JobShape): Promise<void> {
    const job = this.jobOf(shape);
    await this.service.submit(job);
    job.accepted = 'yes';
  }

  /** Jobs of one task come at once, and share a bundle. */
  async submitSingles(count: number, safety: SafetyClass): Promise<void> {
    const keys = Array.from({ length: count }, () => `single ${(this.made += 1)}`);
    this.singles.push(...keys.map((key) => ({ key, safety })));
    this.promises.noteSingles(keys, await this.service.submitSingles(keys, safety));
  }

  /** The same job comes once more. */
  async duplicate(pick: number): Promise<void> {
    const job = this.jobs.pick(pick);
    if (!job || job.isBundled) return this.duplicateSingle(pick);
    const copy = this.jobOf(job.shape, job.key);
    const holder = await this.service.submit(copy);
    if (holder === copy.jobId) copy.accepted = 'yes';
    else this.jobs.forget(copy.jobId);
    this.promises.noteHolder(copy, holder);
  }

  private async duplicateSingle(pick: number): Promise<void> {
    const single = this.singles[pick % Math.max(1, this.singles.length)];
    if (!single) return;
    this.promises.noteSingles([single.key], await this.service.submitSingles([single.key], single.safety));
  }

  async cancel(pick: number): Promise<void> {
    const job = this.jobs.pick(pick);
    if (job && (await this.service.ask('cancel', job.jobId))) {
      Object.assign(job, { cancelled: true, mayBeCancelled: true, paused: 'no' });
    }
  }

  async pause(pick: number, stop: boolean): Promise<void> {
    const job = this.jobs.pick(pick);
    if (job && (await this.service.ask('pause', job.jobId, stop))) job.paused = 'yes';
  }

  async resume(pick: number): Promise<void> {
    const job = this.jobs.pick(pick);
    if (!job) return;
    // From the moment at which it is asked.
    const { paused } = job;
    job.paused = 'no';
    if (!(await this.service.ask('resume', job.jobId))) job.paused = job.cancelled ? 'no' : paused === 'yes' ? 'unsure' : paused;
  }

  /** False where there is no task that it could be about. */
  async recover(pick: number, decision: Decision): Promise<boolean> {
    const from: readonly string[] =
      decision === 'requeue' ? ['dead', 'failed', 'outcome_unknown', 'quarantined'] : ['failed', 'waiting_retry'];
    // Of a cancelled job recovery-service lets nobody ask for a task again.
    const jobs = this.jobs.all.filter(({ mayBeCancelled }) => decision !== 'requeue' || !mayBeCancelled);
    const tasks = jobs
      .flatMap((job) => this.jobs.tasksOf(job))
      .filter(({ chunk, index }) => from.includes(chunk.stateOf(index)))
      .map(({ chunk, index }) => ({ task_id: taskIdOf(chunk.id, index), attempt: chunk.state.attempts[index] ?? 0 }));
    // What was given up for another one has no error record, and nobody can ask for it.
    const known = tasks.filter(({ attempt }) => attempt > 0);
    const task = known[pick % Math.max(1, known.length)];
    if (!task) return false;
    if (decision === 'requeue') this.promises.repeatable.add(`${task.task_id} ${task.attempt}`);
    await this.service.recover(decision, [task]);
    return true;
  }

  async delete(pick: number): Promise<void> {
    const job = this.jobs.pick(pick);
    if (!job) return;
    Object.assign(job, { deleted: 'asked', mayBeCancelled: true });
    this.made += 1;
    await this.service.delete(deletionOf(this.made, job.jobId));
    await this.settle();
    await this.promises.noteDeleted(this.surviving.deletions);
  }

  dispatch(): void {
    this.service.parts.dispatcher.run();
  }

  /** Whatever message is picked arrives: in any order, or once more. */
  async deliver(pick: number, again: boolean): Promise<void> {
    await this.wire.deliver(pick, again);
  }

  /** A worker tells that it lives, and what it holds. */
  async beat(pick: number): Promise<void> {
    const worker = this.wire.workers[pick % this.wire.workers.length] as ModelledWorker;
    await this.service.takeInventory(worker.id, worker.leases);
  }

  /** A worker was silent for too long, while the other one was not. */
  async expire(pick: number): Promise<void> {
    this.heardMs += longMs;
    const { workers } = this.wire;
    for (const [at, worker] of workers.entries()) {
      if (at !== pick % workers.length) await this.service.takeInventory(worker.id, worker.leases);
    }
    this.service.hear();
  }

  finish(pick: number, succeeds: boolean): void {
    const report = this.wire.finish(pick, succeeds);
    for (const index of report?.done ?? []) this.promises.done.add(taskIdOf(report?.chunk_id ?? '', index));
  }

  async round(): Promise<void> {
    this.service.parts.clock.at += longMs;
    await this.service.round();
    await this.settle();
    await this.promises.noteDeleted(this.surviving.deletions);
  }

  /** The service is killed some turns after it has begun with something, and another one takes over. */
  async crash(during: Interrupted, pick: number, turns: number): Promise<void> {
    this.beginWith(during, pick);
    await turnsOf(turns);
    this.service.kill();
    this.service = this.next();
    await this.service.begin();
  }

  /** It stops in order, and another one takes over. */
  async restart(): Promise<void> {
    await this.settle();
    await this.crash('nothing', 0, 0);
  }

  async check(): Promise<void> {
    await this.settle();
    this.promises.check(this.service);
  }

  /** Nothing is asked for any more, and every job comes to its end. */
  async finishAll(): Promise<void> {
    for (let round = 0; round < 30 && this.faults.length === 0; round += 1) {
      const { all } = this.jobs;
      const open = all.filter((job) => job.accepted === 'yes' && job.deleted !== 'yes' && !this.promises.isOver(job));
      if (open.length === 0 && all.every(({ deleted }) => deleted !== 'asked')) return;
      for (const [at, { paused }] of all.entries()) if (paused !== 'no') await this.resume(at);
      for (const at of this.wire.workers.keys()) await this.beat(at);
      this.dispatch();
      await this.settle();
      await this.wire.deliverAll();
      while (this.wire.isBusy) this.finish(0, true);
      await this.wire.deliverAll();
      await this.settle();
      await this.recoverAll('retry');
      await this.recoverAll('requeue');
      await this.round();
      await this.check();
    }
    if (this.faults.length === 0) this.faults.push('Jobs never end.');
  }

  end(): void {
    this.service.kill();
  }

  private async recoverAll(decision: Decision): Promise<void> {
    let left = 1_000;
    for (; left > 0 && (await this.recover(0, decision)); left -= 1) await this.settle();
    if (left === 0) this.faults.push(`To ${decision} a task leads to nothing.`);
  }

  private beginWith(during: Interrupted, pick: number): void {
    const job = this.jobs.pick(pick);
    const go = (work: () => Promise<unknown> | void): void => inBackground('model.interrupted', async () => void (await work()));
    if (during === 'submit') {
      go(() => this.service.submit(this.jobOf({ tasks: 3, chained: true, safety: 'idempotent', rule: 'fail' })));
    } else if (during === 'submit singles') go(() => this.submitSingles(1 + (pick % 3), 'idempotent'));
    else if (during === 'report') go(() => this.wire.deliverUnheard(pick));
    else if (during === 'dispatch') this.dispatch();
    else if (during === 'retry') go(() => this.recover(pick, 'retry'));
    else if (job && during === 'cancel') {
      job.mayBeCancelled = true;
      go(() => this.service.ask('cancel', job.jobId));
    } else if (job && during === 'pause') {
      if (job.paused === 'no') job.paused = 'unsure';
      go(() => this.service.ask('pause', job.jobId));
    } else if (job && during === 'delete') {
      Object.assign(job, { deleted: 'asked', mayBeCancelled: true });
      const made = (this.made += 1);
      go(() => this.service.delete(deletionOf(made, job.jobId)));
    }
  }

  private async report(outcome: LeaseOutcome): Promise<void> {
    const { engine } = this.service.parts;
    this.promises.noteFailed(outcome);
    await engine.withChunks([outcome.chunk_id], (chunks) => {
      for (const chunk of chunks) engine.record(chunk, outcome, () => undefined);
    });
  }

  private next(): ModelledService {
    this.epoch += 1;
    return new ModelledService(this.surviving, this.epoch, {
      publish: (subject, body) => this.wire.publish(subject, String(body)),
      heard: () => this.heardMs,
      uuid: () => modelledUuid((this.made += 1)),
      onFault: (error) => {
        this.faults.push(`A fault: ${error instanceof Error ? error.stack : String(error)}`);
      },
    });
  }

  private jobOf(shape: JobShape, key?: string): KnownJob {
    this.made += 1;
    return this.jobs.add(jobOfShape(this.made, shape, key));
  }

  /** Whatever follows by itself has followed. */
  private async settle(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      await turnsOf(6);
      await this.service.parts.writer.settled();
    }
    await turnsOf(4);
  }
}
