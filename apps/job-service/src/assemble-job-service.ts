import { v7 as uuidV7 } from 'uuid';
import { Turns, type ServiceContext } from '@kintsugi/hosting';
import { EventPublisher, HearingClock } from '@kintsugi/messaging';
import { DeadLetterStore, Leadership } from '@kintsugi/persistence';
import { CancelJob } from './control/commands/cancel-job.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { WorkerRoster } from './dispatch/domain/worker-roster.js';
import { WorkSender } from './dispatch/nats/work-sender.js';
import { WorkerListener } from './dispatch/nats/worker-listener.js';
import { ReadyLanes } from './dispatch/ready-lanes.js';
import { TaskEngine } from './dispatch/task-engine.js';
import { WorkerWatch } from './dispatch/worker-watch.js';
import { ApplyRecovery } from './inbox/commands/apply-recovery.js';
import { CommandReader } from './inbox/command-reader.js';
import { CommandAnswerer } from './inbox/nats/command-answerer.js';
import { AcceptJob } from './intake/commands/accept-job.js';
import { BundleIntake } from './intake/commands/bundle-intake.js';
import { ChunkedIntake } from './intake/commands/chunked-intake.js';
import { CommitPlan } from './intake/commands/commit-plan.js';
import { Staging } from './intake/commands/staging.js';
import { IdempotencyStore } from './intake/mongo/idempotency-store.js';
import { IncomingJobs } from './intake/incoming-job.js';
import { JobDoor } from './intake/nats/job-door.js';
import type { jobServiceSettings } from './job-service.config.js';
import { JobLedger } from './jobs/job-ledger.js';
import { JobStore } from './jobs/mongo/job-store.js';
import { JobReader } from './jobs/queries/job-reader.js';
import { ListTasks } from './jobs/queries/list-tasks.js';
import { OutboxRelay } from './outbox/outbox-relay.js';
import { Reconciler } from './reconcile/reconciler.js';
import { ChunkWriter } from './tasks/chunk-writer.js';
import { LiveChunks } from './tasks/live-chunks.js';
import { ChunkStore } from './tasks/mongo/chunk-store.js';

export type JobServiceContext = ServiceContext<typeof jobServiceSettings>;

export type JobServiceParts = ReturnType<typeof assembleJobService>;

/**
 * Who is given what. The parts that know each other both ways meet here through functions: the writer tells the
 * engine what is written, the chunks in memory ask who still needs them.
 */
export function assembleJobService(context: JobServiceContext, onLeadershipLost: (sameName: boolean) => void) {
  const hearing = new HearingClock(context.bus);
  const clocks = { now: () => Date.now(), heard: () => hearing.now, hearsSince: () => hearing.hearsSince };
  const onFault = (error: unknown) => context.onFault(error, { subject: 'job-service', requestId: undefined });
  const leader = { epoch: 0 };
  const leadership = new Leadership(context.store, {
    role: 'job-service',
    holder: context.settings.INSTANCE_ID,
    onLost: onLeadershipLost,
    onFault,
  });
  const sure = () => leadership.sure();
  const stores = storesOf(context, () => leader.epoch, sure);
  const publisher = new EventPublisher(context.bus);
  const relay = new OutboxRelay(
    publisher,
    {
      clearChunks: (ids, events) => stores.store.clearOutbox(ids, events),
      clearJobs: (ids, events) => stores.jobs.clearOutbox(ids, events),
    },
    onFault,
  );
  const core = coreOf(context, { ...stores, ...clocks, publisher, relay, onFault });
  const intake = intakeOf(context, { ...stores, ...clocks, ...core, relay });
  const { engine, dispatcher, ledger, live, lanes, roster, sender, reader } = core;
  const { metrics, bus, logger, settings } = context;
  const watch = new WorkerWatch({
    ...{ bus, hearing, roster, live, lanes, engine, dispatcher, sender, metrics, logger, sure, now: clocks.now },
    lossesMax: settings.LEASE_LOSSES_MAX,
  });
  const listener = new WorkerListener({ bus, live, engine, watch, sure, onFault: context.onFault });
  const reconciler = new Reconciler({
    ...stores,
    ...{ engine, ledger, lanes, roster, dispatcher, relay, metrics, onFault },
    chunked: intake.chunked,
    everyMs: settings.RECONCILE_EVERY_MS,
    forgottenAfterMs: settings.FORGOTTEN_AFTER_MS,
    now: clocks.now,
  });
  const turns = new Turns();
  const incomingJobs = new IncomingJobs(turns, settings.INEXACT_NUMBERS);
  const commandReader = new CommandReader(turns, incomingJobs);
  return {
    ...{ leader, leadership, hearing, relay, watch, listener, reconciler },
    ...stores,
    ...core,
    ...intake,
    listTasks: new ListTasks(stores.store, live, reader),
    recovery: new ApplyRecovery(engine, clocks.now),
    commandReader,
    answerer: new CommandAnswerer(bus, commandReader, context.onFault),
    door: new JobDoor(bus, incomingJobs, intake.acceptJob, context.onFault),
  };
}

interface Stores {
  store: ChunkStore;
  jobs: JobStore;
  keys: IdempotencyStore;
  letters: DeadLetterStore;
}

interface Clocks {
  now: () => number;
  heard: () => number;
  /** When the broker was last reached again, by that clock. */
  hearsSince: () => number;
}

function storesOf({ store }: JobServiceContext, epoch: () => number, sure: () => Promise<void>): Stores {
  return {
    store: new ChunkStore(store, epoch, sure),
    jobs: new JobStore(store, epoch, sure),
    keys: new IdempotencyStore(store, sure),
    letters: new DeadLetterStore(store),
  };
}

interface CoreNeeds extends Stores, Clocks {
  publisher: EventPublisher;
  relay: OutboxRelay;
  onFault: (error: unknown) => void;
}

/** The parts through which chunks and jobs change. */
function coreOf({ bus, metrics }: JobServiceContext, needs: CoreNeeds) {
  const { store, jobs, publisher, relay, onFault, now, heard, hearsSince } = needs;
  const roster = new WorkerRoster();
  const sender = new WorkSender(bus);
  const live: LiveChunks = new LiveChunks(store, {
    isNeeded: (chunk) => chunk.state.leases.some(({ lost }) => !lost) || writer.isBusy(chunk) || lanes.holds(chunk),
    onEntered: (chunk) => engine.onEntered(chunk),
  });
  const ledger = new JobLedger({
    jobs,
    chunks: store,
    relay,
    publisher,
    metrics,
    liveJobs: () => live.jobIds(),
    busyJobs: () => writer.busyJobs(),
    onFault,
  });
  const lanes: ReadyLanes = new ReadyLanes({ store, live, ledger, onFilled: () => dispatcher.wake(), onFault });
  const writer: ChunkWriter = new ChunkWriter(store, {
    onWritten: (write) => engine.onWritten(write),
    onConflict: (chunk) => engine.onConflict(chunk),
    onFault,
  });
  const dispatcher: Dispatcher = new Dispatcher({
    ...{ lanes, roster, ledger, writer, sender, now, heard },
    onUndeliverable: (chunk, fence) => engine.failUndeliverable(chunk, fence),
  });
  const cancelTasksOf = (jobId: string) => cancelJob.cancelTasksOf(jobId);
  const commitPlan = new CommitPlan({ jobs, store, ledger, lanes, dispatcher, relay, metrics, cancelTasksOf, now, onFault });
  const engine: TaskEngine = new TaskEngine({
    ...{ live, writer, ledger, lanes, roster, dispatcher, relay, metrics, now, heard, onFault },
    onPlanned: (plan) => commitPlan.start(plan),
  });
  const reader = new JobReader({
    jobs,
    store,
    live,
    ledger,
    isUnserved: (lane) => roster.isUnserved(lane, heard(), hearsSince()),
  });
  const cancelJob: CancelJob = new CancelJob({ store, ledger, engine, sender, reader, now });
  return { roster, sender, live, ledger, lanes, writer, dispatcher, commitPlan, engine, reader, cancelJob, cancelTasksOf };
}

interface IntakeNeeds extends Stores, Clocks, ReturnType<typeof coreOf> {
  relay: OutboxRelay;
}

/** The parts through which jobs come in. */
function intakeOf({ metrics, settings }: JobServiceContext, needs: IntakeNeeds) {
  const { store, jobs, keys, live, ledger, lanes, dispatcher, relay, engine, reader, cancelTasksOf, now } = needs;
  const newUuid = () => uuidV7();
  const staging = new Staging({ store, live, ledger, now });
  const chunked = new ChunkedIntake({ jobs, store, staging, ledger, lanes, dispatcher, relay, metrics, cancelTasksOf, now });
  const bundles = new BundleIntake({ engine, keys, metrics, newUuid, now });
  const acceptJob = new AcceptJob({ bundles, chunked, keys, reader, defaultType: settings.DEFAULT_JOB_TYPE, newUuid });
  return { staging, chunked, acceptJob };
}
