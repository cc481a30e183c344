import { Faults, Turns } from '@kintsugi/hosting';
import type { EventPublisher, OutgoingEvent } from '@kintsugi/messaging';
import type { Metrics } from '@kintsugi/observability';
import { CheckDependencies } from '../dependencies/check-dependencies.js';
import { ReleaseJobs } from '../dependencies/release-jobs.js';
import { ReleaseTasks } from '../dependencies/release-tasks.js';
import { CancelTasks } from '../dispatch/cancel-tasks.js';
import { JobClock } from '../dispatch/job-clock.js';
import { OpenTasks } from '../dispatch/open-tasks.js';
import { EraseTasks } from '../dispatch/erase-tasks.js';
import { PauseTasks } from '../dispatch/pause-tasks.js';
import { PrioritiseTasks } from '../dispatch/prioritise-tasks.js';
import { dispatchParts, type GivenParts } from '../dispatch/simulation/dispatch-parts.js';
import { ExternalJobs } from '../external/external-jobs.js';
import { ExternalRecordsInMemory } from '../external/external-records-in-memory.js';
import type { HeardClock } from '../external/heard-clock.js';
import { ChunkedIntake } from '../intake/commands/chunked-intake.js';
import { CommitPlan } from '../intake/commands/commit-plan.js';
import { Staging } from '../intake/commands/staging.js';
import { DeletionsInMemory } from '../jobs/deletions-in-memory.js';
import { JobLedger } from '../jobs/job-ledger.js';
import { JobOutbox } from '../jobs/job-outbox.js';
import { JobRecordsInMemory } from '../jobs/job-records-in-memory.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { StepRecordInMemory } from '../steps/step-record-in-memory.js';
import { StepWriter } from '../steps/step-writer.js';
import { BundledTasks } from '../tasks/bundled-tasks.js';
import { ChunkOutbox } from '../tasks/chunk-outbox.js';
import type { Reach, StoredChunks } from '../tasks/chunk-record-in-memory.js';
import { ChunkStoreInMemory } from '../tasks/chunk-store-in-memory.js';
import type { ReaderBacklogs } from './nats/reader-backlogs.js';
import { QueueGauges } from './queue-gauges.js';
import { Reconciler } from './reconciler.js';
import { Stillness } from './stillness.js';

/** What a service that was killed has left. */
interface ServiceBefore {
  stored: StoredChunks;
  jobs: JobRecordsInMemory;
  deletions: DeletionsInMemory;
}

/** Where it lives: by default alone, for ever, and without anybody to speak to. */
interface Around extends Pick<GivenParts, 'bus' | 'hearing' | 'onFault'> {
  epoch: number;
  /** Of one that was killed nothing comes through any more, and nothing comes back. */
  isAlive: () => boolean;
}

const rounds = { RECONCILE_EVERY_MS: 5_000, FORGOTTEN_AFTER_MS: 15_000 };
const never = new Promise<never>(() => undefined);

/** Records whose calls are made only for as long as the caller lives. */
export function whileAlive<Records extends object>(records: Records, isAlive: () => boolean): Records {
  return new Proxy(records, {
    get(target, name) {
      const found = Reflect.get(target, name) as unknown;
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown => (isAlive() ? (found.apply(target, given) as unknown) : never);
    },
  });
}

function notingMetrics(counted: string[], gauges: Map<string, number>): Metrics {
  return {
    observeMany: () => undefined,
    set: (name: string, value: number, labels: Record<string, string> = {}): void => {
      gauges.set([name, ...Object.values(labels)].join(' '), value);
    },
    clear: (name: string): void => {
      for (const key of gauges.keys()) if (key.split(' ')[0] === name) gauges.delete(key);
    },
    count: (name: string, labels: Record<string, string> = {}, by = 1): void => {
      if (by > 0) counted.push([name, ...Object.values(labels), by].join(' '));
    },
  } as unknown as Metrics;
}

/** job-service without servers, for specs: it writes to memory, and what it publishes and counts is noted. */
export function serviceInMemory(before: Partial<ServiceBefore> = {}, around: Partial<Around> = {}) {
  const { stored = new Map() as StoredChunks, deletions = new DeletionsInMemory() } = before;
  const { epoch = 1, isAlive = () => true, onFault, ...reached } = around;
  const records = before.jobs ?? new JobRecordsInMemory();
  const jobs = around.isAlive ? whileAlive(records, isAlive) : records;
  const clock = { at: 1_700_000_000_000, now: () => clock.at };
  const counted: string[] = [];
  const gauges = new Map<string, number>();
  const published: OutgoingEvent[] = [];
  const report = (error: unknown): void => {
    if (!onFault) throw error;
    onFault(error);
  };
  const faults = new Faults(report, 'test');
  const metrics = notingMetrics(counted, gauges);
  const publisher = {
    publish: async (event: OutgoingEvent): Promise<void> => {
      published.push(event);
    },
    mention: () => undefined,
    publishTransient: () => undefined,
  } as unknown as EventPublisher;
  const sure = (): Promise<void> => (isAlive() ? Promise.resolve() : never);
  const reach: Reach = (operation) => (isAlive() ? Promise.resolve(operation()) : never);
  const chunks = new ChunkStoreInMemory({ stored, epoch: () => epoch, sure, reach });
  const relay = new OutboxRelay(publisher, faults);
  const jobOutbox = new JobOutbox(relay, jobs);
  const parts = dispatchParts({
    ...{ record: chunks, metrics, ...reached, leader: { assertLeading: sure }, ...(onFault ? { onFault } : {}) },
    ledger: ({ changes, writer, live }) =>
      new JobLedger(jobs, jobOutbox, chunks, live, writer, changes, publisher, metrics, clock, faults),
  });
  const { changes, live, ledger, engine, queues, roster, takeOver, sender } = parts;
  const chunkOutbox = new ChunkOutbox(relay, chunks, changes);
  const cancelTasks = new CancelTasks(chunks, engine, sender, clock);
  const pauseTasks = new PauseTasks(live, engine, sender, clock);
  const prioritiseTasks = new PrioritiseTasks(jobs, ledger, chunks, queues, engine, clock);
  const staging = new Staging(chunks, live, ledger, clock);
  const openTasks = new OpenTasks(jobs, chunks, ledger, queues, cancelTasks, prioritiseTasks);
  const releaseTasks = new ReleaseTasks(chunks, ledger, engine, live, openTasks, changes, clock, faults);
  const jobClock = new JobClock(jobs, chunks, ledger, openTasks, cancelTasks, queues, clock, faults);
  const heard = { now: 0, isSettled: true } as unknown as HeardClock;
  const external = new ExternalJobs(new ExternalRecordsInMemory(), jobOutbox, heard, metrics, clock);
  const releaseJobs = new ReleaseJobs(jobs, ledger, external, changes, jobClock, clock, faults);
  const checkDependencies = new CheckDependencies(jobs, deletions, jobs);
  const opening = [openTasks, jobClock, releaseJobs, jobOutbox] as const;
  const chunked = new ChunkedIntake(jobs, deletions, chunks, staging, ledger, ...opening, metrics, clock, new Turns());
  const follows = [ledger, queues, cancelTasks, prioritiseTasks, jobOutbox, metrics, clock] as const;
  const commitPlan = new CommitPlan(jobs, chunks, ...follows, faults, changes);
  const steps = new StepRecordInMemory();
  const stepWriter = new StepWriter(steps);
  const eraseTasks = new EraseTasks(live, engine, queues, chunks, steps, stepWriter);
  const backlogs = { all: () => Promise.resolve([]) } as unknown as ReaderBacklogs;
  const bundled = new BundledTasks(chunks, parts.writer, changes, faults);
  const queueGauges = new QueueGauges(chunks, ledger, bundled, roster, relay, backlogs, metrics, clock);
  const stillness = new Stillness(changes, live, ledger, relay, roster, clock, rounds);
  const reconciler = new Reconciler(
    ...([chunks, jobs, engine, ledger, chunked, queues, roster, takeOver, pauseTasks] as const),
    ...([releaseTasks, chunkOutbox, jobOutbox, queueGauges, stillness, metrics, clock, faults, rounds] as const),
  );
  return {
    ...{ ...parts, stored, clock, counted, gauges, published, chunks, jobs },
    ...{ deletions, publisher, metrics, cancelTasks, pauseTasks, prioritiseTasks, eraseTasks, faults },
    ...{ staging, openTasks, releaseTasks, releaseJobs, checkDependencies, external, jobClock, chunked, commitPlan, reconciler },
    ...{ steps, stepWriter },
  };
}

/** Lets the event loop go round so many times. */
export async function turnsOf(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** Resolves once what follows from what was done is done and written. */
export async function settled({ writer }: Pick<ReturnType<typeof serviceInMemory>, 'writer'>): Promise<void> {
  await turnsOf(30);
  await writer.settled();
  await turnsOf(30);
}
