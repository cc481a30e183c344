import { inBackground } from '@kintsugi/boundary';
import { decodeWork, subjects, taskIdOf, type LeaseOutcome, type WorkerControl } from '@kintsugi/contracts';
import { DeletionsInMemory } from '../../jobs/deletions-in-memory.js';
import { JobRecordsInMemory } from '../../jobs/job-records-in-memory.js';
import { jobOfShape, ModelledPromises, type JobShape, type KnownJob } from './modelled-promises.js';
import { deletionOf, ModelledService, turnsOf, type Decision, type Surviving } from './modelled-service.js';
import { ModelledWorker } from './modelled-worker.js';

type Message = { to: string; body: string } | { to: string; control: WorkerControl } | { report: LeaseOutcome };

/** What may be under way when the service is killed. */
export type Interrupted = 'nothing' | 'submit' | 'cancel' | 'pause' | 'report' | 'dispatch' | 'delete' | 'retry';

const longMs = 60_000;
const deliveredMax = 8;

/** job-service, its workers and the messages between them, and what must hold of them. */
export class ModelledWorld {
  private readonly surviving: Surviving = {
    stored: new Map(),
    jobs: new JobRecordsInMemory(),
    deletions: new DeletionsInMemory(),
  };
  readonly promises = new ModelledPromises(this.surviving.stored, this.surviving.jobs);
  private readonly workers = ['worker-0', 'worker-1'].map((id) => new ModelledWorker(id));
  private wire: Message[] = [];
  private readonly delivered: Message[] = [];
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

  /** The same job comes once more. */
  async duplicate(pick: number): Promise<void> {
    const job = this.job(pick);
    if (!job) return;
    const copy = this.jobOf(job.shape, job.key);
    const holder = await this.service.submit(copy);
    if (holder === copy.jobId) copy.accepted = 'yes';
    else this.promises.jobs.delete(copy.jobId);
    this.promises.noteHolder(copy, holder);
  }

  async cancel(pick: number): Promise<void> {
    const job = this.job(pick);
    if (job && (await this.service.ask('cancel', job.jobId))) {
      Object.assign(job, { cancelled: true, mayBeCancelled: true, paused: 'no' });
    }
  }

  async pause(pick: number, stop: boolean): Promise<void> {
    const job = this.job(pick);
    if (job && (await this.service.ask('pause', job.jobId, stop))) job.paused = 'yes';
  }

  async resume(pick: number): Promise<void> {
    const job = this.job(pick);
    if (!job) return;
    // From the moment at which it is asked.
    const { paused } = job;
    job.paused = 'no';
    if (!(await this.service.ask('resume', job.jobId))) job.paused = job.cancelled ? 'no' : paused === 'yes' ? 'unsure' : paused;
  }

  /** False where there is no task that it could be about. */
  async recover(pick: number, decision: Decision): Promise<boolean> {
    const from =
      decision === 'requeue'
        ? (['dead', 'failed', 'outcome_unknown', 'quarantined'] as const)
        : (['failed', 'waiting_retry'] as const);
    // Of a cancelled job recovery-service lets nobody ask for a task again.
    const jobs = [...this.promises.jobs.values()].filter(({ mayBeCancelled }) => decision !== 'requeue' || !mayBeCancelled);
    const tasks = jobs.flatMap(({ jobId }) =>
      this.promises
        .chunksOf(jobId)
        .flatMap((chunk) =>
          chunk
            .indexesIn(...from)
            .map((index) => ({ jobId, task_id: taskIdOf(chunk.id, index), attempt: chunk.state.attempts[index] ?? 0 })),
        ),
    );
    // What was given up for another one has no error record, and nobody can ask for it.
    const known = tasks.filter(({ attempt }) => attempt > 0);
    const task = known[pick % Math.max(1, known.length)];
    if (!task) return false;
    if (decision === 'requeue') this.promises.repeatable.add(`${task.task_id} ${task.attempt}`);
    await this.service.recover(decision, [{ task_id: task.task_id, attempt: task.attempt }]);
    return true;
  }

  async delete(pick: number): Promise<void> {
    const job = this.job(pick);
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
    const from = again ? this.delivered : this.wire;
    const message = from[pick % Math.max(1, from.length)];
    if (!message) return;
    if (!again) {
      this.wire = this.wire.filter((other) => other !== message);
      this.delivered.push(message);
      if (this.delivered.length > deliveredMax) this.delivered.shift();
    }
    if ('report' in message) await this.report(message.report);
    else if ('control' in message) this.workers.find(({ id }) => id === message.to)?.obey(message.control);
    else this.workers.find(({ id }) => id === message.to)?.take(decodeWork(message.body).header);
  }

  /** A worker tells that it lives, and what it holds. */
  async beat(pick: number): Promise<void> {
    const worker = this.workers[pick % this.workers.length] as ModelledWorker;
    await this.service.takeInventory(worker.id, worker.leases);
  }

  /** A worker was silent for too long, while the other one was not. */
  async expire(pick: number): Promise<void> {
    this.heardMs += longMs;
    for (const [at, worker] of this.workers.entries()) {
      if (at !== pick % this.workers.length) await this.service.takeInventory(worker.id, worker.leases);
    }
    this.service.hear();
  }

  finish(pick: number, succeeds: boolean): void {
    const running = this.workers.flatMap((worker) => worker.running.map((run) => ({ worker, ...run })));
    const run = running[pick % Math.max(1, running.length)];
    const report = run?.worker.finish(run.key, run.index, succeeds);
    if (!run || !report) return;
    if (succeeds) this.promises.done.add(taskIdOf(report.chunk_id, run.index));
    this.wire.push({ report });
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
    await this.promises.check(this.service);
  }

  /** Nothing is asked for any more, and every job comes to its end. */
  async finishAll(): Promise<void> {
    for (let round = 0; round < 30 && this.faults.length === 0; round += 1) {
      const jobs = [...this.promises.jobs.values()];
      const open = jobs.filter((job) => job.accepted === 'yes' && job.deleted !== 'yes' && !this.promises.isOver(job));
      if (open.length === 0 && jobs.every(({ deleted }) => deleted !== 'asked')) return;
      for (const [at, { paused }] of jobs.entries()) if (paused !== 'no') await this.resume(at);
      for (const at of this.workers.keys()) await this.beat(at);
      this.dispatch();
      await this.settle();
      for (let left = this.wire.length; left > 0; left -= 1) await this.deliver(0, false);
      while (this.workers.some(({ running }) => running.length > 0)) this.finish(0, true);
      for (let left = this.wire.length; left > 0; left -= 1) await this.deliver(0, false);
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
    const job = this.job(pick);
    const go = (work: () => Promise<unknown> | void): void => inBackground('model.interrupted', async () => void (await work()));
    if (during === 'submit') {
      go(() => this.service.submit(this.jobOf({ tasks: 3, chained: true, safety: 'idempotent', rule: 'fail' })));
    } else if (during === 'report') {
      const message = this.wire[pick % Math.max(1, this.wire.length)];
      go(() => this.deliver(pick, false));
      // Its worker sends it again until it hears that it is written.
      if (message && 'report' in message) this.wire.push(message);
    } else if (during === 'dispatch') this.dispatch();
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
      publish: (subject, body) => this.published(subject, String(body)),
      heard: () => this.heardMs,
      onFault: (error) => {
        this.faults.push(`A fault: ${error instanceof Error ? error.stack : String(error)}`);
      },
    });
  }

  private published(subject: string, body: string): void {
    for (const { id } of this.workers) {
      if (subject === subjects.control(id)) this.wire.push({ to: id, control: JSON.parse(body) as WorkerControl });
      if (subject !== subjects.work(id)) continue;
      this.promises.noteSent(decodeWork(body).header, id);
      this.wire.push({ to: id, body });
    }
  }

  private jobOf(shape: JobShape, key?: string): KnownJob {
    this.made += 1;
    const job = jobOfShape(this.made, shape, key);
    this.promises.jobs.set(job.jobId, job);
    return job;
  }

  private job(pick: number): KnownJob | undefined {
    const jobs = [...this.promises.jobs.values()];
    return jobs[pick % Math.max(1, jobs.length)];
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
