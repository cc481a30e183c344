import { ProblemError, errorRecordIdOf, type Actor, type TaskStatus, type TaskState } from '@kintsugi/contracts';
import type { OutgoingCommand } from '@kintsugi/messaging';
import { handleApart } from '@kintsugi/persistence';
import { groupTaskEvents, type TaskEvent } from '../../failures/domain/task-events.js';
import { recordSample } from '../../records/domain/error-record-sample.js';
import { waitingPhases, type RecordPhase } from '../../records/domain/record-lifecycle.js';
import { recoveryInMemory, recoveryStores, type RecoveryInMemory } from './recovery-in-memory.js';
import { SimulatedJobService } from './simulated-job-service.js';

interface Replica {
  service: RecoveryInMemory;
  /** What it waits for; each goes on or fails when the simulation says so. */
  waiting: PromiseWithResolvers<void>[];
  /** Events that it was given and is still at. */
  unacknowledged: Set<TaskEvent[]>;
  isDead: boolean;
}

const person: Actor = { key: null, name: 'ada', role: 'operator', tenant: null, door: 'http', address: null };
const never = new AbortController().signal;
const hourMs = 3_600_000;
/** The broker still loses something in the first half; the second is longer than any patience with a task of which nothing is heard. */
const settlingRounds = 40;
const ends = ['success', 'success', 'failure', 'failure', 'hasty', 'hasty', 'permanent', 'loss'] as const;

const closed: readonly (RecordPhase | 'none')[] = ['none', 'recovered', 'cancelled'];

/** What may be recorded of a task that has come to an end. Where the broker lost the last event, a person still sees the one before. */
const phasesOf: Partial<Record<TaskState, readonly (RecordPhase | 'none')[]>> = {
  succeeded: [...closed, 'outcome_unknown', 'quarantined'],
  dead: ['discarded'],
  outcome_unknown: ['outcome_unknown'],
  quarantined: ['quarantined'],
  cancelled: [...closed, ...waitingPhases],
};

/** Of two replicas that record the same loss at the same moment neither knows whose record it is, so both count it. */
function isCounted(errorType: string): boolean {
  return !errorType.endsWith('worker.lost');
}

/**
 * Two replicas of recovery-service, a job-service and a broker between them, driven through steps by chance: events and
 * commands come late, twice or never, writes interleave, time passes, people ask, and processes end between any two steps.
 */
export class Simulation {
  at = Date.parse('2026-11-23T06:00:00.000Z');
  readonly stores = recoveryStores();
  readonly jobService: SimulatedJobService;
  readonly faults: string[];
  readonly counted: string[] = [];
  /** The failures that there have been. */
  private readonly told = new Set<string>();
  private readonly replicas: Replica[] = [];
  private events: TaskEvent[] = [];
  private commands: OutgoingCommand[] = [];
  private isSettling = false;

  constructor(
    private readonly choose: (below: number) => number,
    private readonly settleTurns: () => Promise<void>,
    tasks = 6,
  ) {
    this.jobService = new SimulatedJobService(
      tasks,
      () => this.at,
      (event) => {
        this.events.push(event);
        if (event.kind === 'failure' && isCounted(event.failure.error_type)) {
          this.told.add(`${event.failure.task_id} ${event.failure.attempt}`);
        }
      },
      (taskId) => this.stores.stored.get(errorRecordIdOf(taskId))?.forgiven_failures ?? 0,
    );
    this.faults = this.jobService.faults;
    for (let index = 0; index < 2; index += 1) this.replicas.push(this.begin());
  }

  async run(steps: number): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      await this.step();
      await this.settleTurns();
    }
    await this.settle();
    this.judge();
  }

  private begin(): Replica {
    const waiting: PromiseWithResolvers<void>[] = [];
    const replica = { waiting, isDead: false, unacknowledged: new Set() } as unknown as Replica;
    replica.service = recoveryInMemory({
      stores: this.stores,
      // No two readings are the same, as on clocks of their own.
      clock: { now: () => (this.at += 1) },
      queue: { publish: async (command) => this.store(command) },
      statuses: { of: async (taskIds) => this.statusesOf(taskIds) },
      pass: async () => {
        if (replica.isDead) await new Promise(() => undefined);
        if (this.isSettling) return;
        const step = Promise.withResolvers<void>();
        waiting.push(step);
        await step.promise;
      },
    });
    return replica;
  }

  private async step(): Promise<void> {
    const replica = this.pick(this.replicas);
    const kind = this.choose(100);
    if (kind < 50) this.goOn(replica);
    else if (kind < 62) this.runTask();
    else if (kind < 74) this.deliverEvents(replica);
    else if (kind < 84) this.deliverCommand();
    else if (kind < 88) this.lead(replica);
    else if (kind < 91) this.ask(replica);
    else if (kind < 95) this.at += this.choose(20_000);
    else if (kind < 96) this.lose();
    else if (kind < 98) this.jobService.tellAgain(this.pick(this.jobService.tasks));
    else if (kind < 99) this.end(replica);
    else if (this.choose(8) === 0) this.jobService.cancel(this.pick(this.jobService.tasks).jobId);
  }

  /** One step of a replica is taken, or fails as when its database is away for a moment. */
  private goOn({ waiting }: Replica): void {
    const [step] = waiting.splice(this.choose(Math.max(1, waiting.length)), 1);
    if (this.choose(60) === 0) step?.reject(new ProblemError('SERVICE_UNAVAILABLE', 'The database is away.'));
    else step?.resolve();
  }

  private runTask(): void {
    const task = this.pick(this.jobService.tasks);
    if (task.state === 'ready') this.jobService.run(task, this.pick(ends));
    else if (task.state === 'outcome_unknown' && this.choose(4) === 0) {
      this.jobService.report(task, this.pick(['success', 'failure', 'permanent'] as const));
    }
  }

  /** Some events, in any order, as one delivery; what fails comes again, and now and then what did not. */
  private deliverEvents(replica: Replica): void {
    const taken = Array.from({ length: Math.min(this.events.length, 1 + this.choose(4)) }, () => this.take(this.events));
    replica.unacknowledged.add(taken);
    const handled = handleApart(taken, (events) => this.record(replica.service, events));
    this.background(
      handled.then((failed) => {
        for (const { error } of failed) this.complain(error);
        replica.unacknowledged.delete(taken);
        this.events.push(...failed.map(({ item }) => item));
        if (!this.isSettling && this.choose(10) === 0) this.events.push(...taken);
      }),
    );
  }

  private async record({ recordFailures, recordRecoveries, cancelRecoveries }: RecoveryInMemory, events: readonly TaskEvent[]) {
    for (const group of groupTaskEvents(events, 3)) {
      if (group.kind === 'cancellation') await cancelRecoveries.execute(group.jobIds);
      else if (group.kind === 'tasks') {
        if (group.failures.length > 0) await recordFailures.execute(group.failures);
        if (group.recoveries.length > 0) await recordRecoveries.execute(group.recoveries);
      }
    }
  }

  private store(command: OutgoingCommand): void {
    this.commands.push(structuredClone(command));
  }

  private deliverCommand(): void {
    if (this.commands.length === 0) return;
    const command = this.take(this.commands);
    this.jobService.carryOut(command);
    if (this.choose(10) === 0) this.commands.push(command);
  }

  /** What one replica does for all. A former leader may still be at it. */
  private lead({ service }: Replica): void {
    this.background(this.choose(2) === 0 ? service.startDueRetries.execute() : service.resendCommands.execute(never));
  }

  private ask({ service }: Replica): void {
    const task = this.pick(this.jobService.tasks);
    const recovery_options = { force: this.choose(3) === 0, ignore_conditions: false };
    const record = this.stores.stored.get(errorRecordIdOf(task.id));
    const request =
      this.choose(3) === 0
        ? { group_id: record?.group_id ?? recordSample(0).group_id }
        : { error_record_id: errorRecordIdOf(task.id) };
    this.background(service.manualRecover.execute({ ...request, recovery_options }, { actor: person }));
  }

  /** The broker loses its files. */
  private lose(): void {
    this.commands = [];
    this.events = [];
  }

  /** A process ends between two steps, and another one takes its place: what it has not acknowledged comes again. */
  private end(replica: Replica): void {
    replica.isDead = true;
    this.events.push(...[...replica.unacknowledged].flat());
    this.counted.push(...replica.service.counted);
    const next = this.begin();
    this.replicas[this.replicas.indexOf(replica)] = next;
    this.background(next.service.resendCommands.executeUnsent(this.at, never));
  }

  /** Nothing hangs or ends any more, every task is run, and job-service tells what nobody has decided about, for as long as it takes. */
  private async settle(): Promise<void> {
    this.isSettling = true;
    for (const { waiting } of this.replicas) for (const step of waiting.splice(0)) step.resolve();
    await this.settleTurns();
    for (let round = 0; round < settlingRounds; round += 1) {
      this.at += hourMs;
      if (round < settlingRounds / 2 && this.choose(3) === 0) this.lose();
      for (const task of this.jobService.tasks) if (task.state !== 'succeeded') this.jobService.tellAgain(task);
      while (this.events.length > 0) {
        this.deliverEvents(this.pick(this.replicas));
        await this.settleTurns();
      }
      await this.replicas[0]?.service.startDueRetries.execute();
      await this.replicas[0]?.service.resendCommands.execute(never);
      while (this.commands.length > 0) this.jobService.carryOut(this.take(this.commands));
      for (const task of this.jobService.tasks) if (task.state === 'ready') this.jobService.run(task, this.pick(ends));
    }
  }

  private judge(): void {
    for (const task of this.jobService.tasks) {
      const record = this.stores.stored.get(errorRecordIdOf(task.id));
      const found = `${task.id} is ${task.state} at ${task.attempts}, its record ${record?.phase ?? 'none'} at ${record?.attempt}`;
      if (!phasesOf[task.state]?.includes(record?.phase ?? 'none')) this.faults.push(found);
      else if (record && (record.next_retry_at !== null || record.resend_at !== null)) this.faults.push(`${found}, and owes`);
    }
    const counted = [...this.counted, ...this.replicas.flatMap(({ service }) => service.counted)];
    const failures = counted.filter((name) => name.startsWith('kintsugi_failures_total') && isCounted(name)).length;
    if (failures > this.told.size) this.faults.push(`${failures} failures are counted of ${this.told.size}`);
  }

  private statusesOf(taskIds: readonly string[]): Map<string, TaskStatus> | null {
    if (!this.isSettling && this.choose(4) === 0) return null;
    const found = taskIds.map((taskId) => this.jobService.statusOf(taskId)).filter((status) => status !== undefined);
    return new Map(found.map((status) => [status.task_id, status]));
  }

  private background(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.complain(error));
  }

  /** What is refused, or away for a moment, is no fault. */
  private complain(error: unknown): void {
    if (!(error instanceof ProblemError) && !String(error).includes('keep changing')) this.faults.push(String(error));
  }

  private pick<Item>(items: readonly Item[]): Item {
    return items[this.choose(items.length)] as Item;
  }

  private take<Item>(items: Item[]): Item {
    return items.splice(this.choose(items.length), 1)[0] as Item;
  }
}
