import type { WorkHeader } from '@kintsugi/contracts';
import { isUnreachable } from '@kintsugi/persistence';
import type { StoredChunks } from '../../tasks/chunk-record-in-memory.js';
import type { Chunk } from '../../tasks/domain/chunk.js';
import { chunkDocument, chunkFrom } from '../../tasks/mongo/chunk-document.js';
import { begunChunk, tasksPerChunk } from './begun-chunk.js';
import { SimulatedJobService } from './simulated-job-service.js';
import { SimulatedNetwork } from './simulated-network.js';
import { SimulatedStore } from './simulated-store.js';
import { SimulatedWorker } from './simulated-worker.js';

const chunkCount = 4;
const workerCount = 2;
const stepMs = 250;

type Step = () => void;

/**
 * Workers, job-services and a store that take their turns as a sequence of numbers says: any message, any operation and any
 * answer of the store may come at any time, connections break, and whoever leads is killed, stopped or succeeded.
 */
export class Simulation {
  /** What must never be, in words. */
  readonly faults: string[] = [];
  private readonly network = new SimulatedNetwork();
  private readonly store = new SimulatedStore(() => this.noteSafe());
  private readonly stored: StoredChunks = new Map();
  private readonly workers: SimulatedWorker[];
  private readonly services: SimulatedJobService[] = [];
  private readonly started = new Map<string, string>();
  private readonly safe = new Set<string>();
  private epoch = 0;
  private elapsedMs = 0;
  /** Of these, what the timers have not been told of yet. */
  private pendingMs = 0;

  constructor(
    /** Gives a number from 0 up to and without `below`. */
    private readonly choose: (below: number) => number,
    /** Lets everything run that waits for nothing from outside; `ms` pass meanwhile. */
    private readonly settle: (ms: number) => Promise<void>,
  ) {
    for (let sequence = 0; sequence < chunkCount; sequence += 1) {
      const chunk = begunChunk(sequence);
      this.stored.set(chunk.id, chunkDocument(chunk.takeChange(), 0));
    }
    this.workers = Array.from({ length: workerCount }, (_, number) => {
      const name = `worker-${number}`;
      return new SimulatedWorker(name, this.network.connect(name), (id, header) => this.noteStart(id, header));
    });
  }

  async run(steps: number): Promise<void> {
    this.succeed();
    for (let step = 0; step < steps && this.faults.length === 0; step += 1) {
      const possible = this.possibleSteps();
      possible[this.choose(possible.length)]?.();
      await this.letPass();
    }
    if (this.faults.length === 0) await this.finish();
  }

  private get leader(): SimulatedJobService {
    return this.services.at(-1) as SimulatedJobService;
  }

  private isHearing(name: string): boolean {
    return this.services.some((service) => service.name === name && !service.frozen);
  }

  private possibleSteps(): Step[] {
    const { store, network } = this;
    const steps: Step[] = [];
    for (let at = 0; at < store.waiting; at += 1) steps.push(() => store.arrive(at));
    for (const at of store.answered((by) => this.isHearing(by))) steps.push(() => store.answer(at));
    for (const line of this.hearableLines()) steps.push(() => network.deliver(line));
    for (const worker of this.workers.filter(({ frozen }) => !frozen)) {
      for (const { key, index } of worker.running) steps.push(() => worker.finish(key, index, this.choose(4) === 0));
      if (this.choose(4) === 0) steps.push(() => worker.tell());
      if (this.choose(4) === 0 && worker.unreceipted > 0) steps.push(() => worker.reportAgain());
    }
    const { waiting, late } = store;
    if (late > 0) steps.push(() => store.arriveLate(this.choose(late)));
    steps.push(this.decide(), this.decide());
    if (this.choose(3) === 0) {
      steps.push(
        () => this.leader.reconcile(),
        () => this.pass(),
      );
    }
    if (this.choose(8) === 0 && waiting > 0) steps.push(() => store.cut(this.choose(waiting), this.choose(2) === 0));
    if (this.choose(8) === 0) steps.push(...this.rareSteps());
    return steps;
  }

  private rareSteps(): Step[] {
    const [line] = this.network.busyLines;
    const worker = this.workers[this.choose(workerCount)] as SimulatedWorker;
    const [former] = this.services.slice(0, -1);
    const steps: Step[] = [() => (worker.frozen = !worker.frozen), () => this.pass(8), () => this.succeed()];
    if (line) steps.push(() => this.network.lose(line));
    if (this.leader.isStarted) {
      steps.push(
        () => this.kill(this.leader),
        () => (this.leader.frozen = true),
      );
    }
    if (former) {
      steps.push(
        () => (former.frozen = !former.frozen),
        () => this.kill(former),
      );
    }
    return steps;
  }

  private hearableLines(): string[] {
    return this.network.busyLines.filter((line) => {
      const [, to = ''] = line.split('>');
      return this.isHearing(to) || this.workers.some(({ id, frozen }) => id === to && !frozen);
    });
  }

  /** Time passes; whoever lives beats. */
  private pass(times = 1): void {
    for (const worker of this.workers) if (!worker.frozen) worker.beat();
    this.elapsedMs += stepMs * times;
    this.pendingMs += stepMs * times;
    for (const service of this.services) service.hear();
  }

  private async letPass(): Promise<void> {
    const ms = this.pendingMs;
    this.pendingMs = 0;
    await this.settle(ms);
  }

  /** Recovery decides about a task that has failed, or again about one that it has put off. */
  private decide(): Step {
    const { leader } = this;
    const tasks = this.chunks().flatMap((chunk) =>
      chunk.indexesIn('failed', 'waiting_retry').map((index) => ({ chunk, index, attempt: chunk.state.attempts[index] ?? 0 })),
    );
    const task = tasks[this.choose(Math.max(1, tasks.length))];
    const decision = this.choose(2) === 0 ? 'defer' : 'retry';
    return () => {
      if (task && leader.isStarted && !leader.frozen) leader.decide(task.chunk.id, task.index, task.attempt, decision);
    };
  }

  /** Another job-service leads from now on; the one before does not know it. */
  private succeed(): void {
    const former = this.services.at(-1);
    if (former) former.leads = false;
    this.epoch += 1;
    const { epoch } = this;
    const name = `service-${epoch}`;
    const service = new SimulatedJobService(name, epoch, {
      ...{ network: this.network, stored: this.stored },
      reach: this.store.reachOf(name),
      heard: () => this.elapsedMs,
      onFault: (error) => {
        if (!isUnreachable(error)) this.faults.push(`A fault: ${String(error)}`);
      },
    });
    this.services.push(service);
    service.begin();
  }

  private kill(service: SimulatedJobService): void {
    service.die();
    this.store.leave(service.name);
    if (service === this.leader) this.succeed();
    this.services.splice(this.services.indexOf(service), 1);
  }

  private noteStart(worker: string, { chunk_id: chunkId, fence, indexes, attempts }: WorkHeader): void {
    const lease = `${chunkId}#${fence} of ${worker}`;
    if (!this.safe.has(lease)) this.faults.push(`The lease ${lease} was sent before it was safe.`);
    indexes.forEach((index, position) => {
      const attempt = `attempt ${attempts[position]} of ${chunkId}.${index}`;
      const earlier = this.started.get(attempt);
      if (earlier !== undefined) this.faults.push(`The ${attempt} was given to ${earlier} and again as ${lease}.`);
      this.started.set(attempt, lease);
    });
  }

  /** Leases that the store has had. */
  private noteSafe(): void {
    for (const { _id, leases } of this.stored.values()) {
      for (const { fence, worker_id: worker } of leases) this.safe.add(`${_id}#${fence} of ${worker}`);
    }
  }

  private chunks(): Chunk[] {
    return [...this.stored.values()].map(chunkFrom);
  }

  /** Nothing breaks any more, and everything comes to its end. */
  private async finish(): Promise<void> {
    for (const service of this.services.slice(0, -1)) this.kill(service);
    this.leader.frozen = false;
    for (const worker of this.workers) worker.frozen = false;
    for (let round = 0; round < 100; round += 1) {
      if (this.chunks().every((chunk) => chunk.count('succeeded') === tasksPerChunk)) return;
      this.pass();
      for (const worker of this.workers) worker.tell();
      await this.drain();
      if (round % 8 === 0) this.leader.reconcile();
      for (const chunk of this.chunks()) {
        for (const index of chunk.indexesIn('failed', 'waiting_retry')) {
          this.leader.decide(chunk.id, index, chunk.state.attempts[index] ?? 0, 'retry');
        }
      }
      for (const worker of this.workers) for (const { key, index } of worker.running) worker.finish(key, index, false);
      for (const worker of this.workers) worker.reportAgain();
      await this.drain();
    }
    this.faults.push(
      `Tasks never end: ${this.chunks()
        .map((chunk) => JSON.stringify(chunk.tally()))
        .join(', ')}`,
    );
  }

  private async drain(): Promise<void> {
    for (let turn = 0; turn < 200; turn += 1) {
      await this.letPass();
      while (this.store.waiting > 0) this.store.arrive(0);
      for (const at of this.store.answered((by) => this.isHearing(by)).reverse()) this.store.answer(at);
      await this.settle(0);
      const lines = this.hearableLines();
      if (lines.length === 0 && this.store.waiting === 0) return;
      for (const line of lines) this.network.deliver(line);
    }
  }
}
