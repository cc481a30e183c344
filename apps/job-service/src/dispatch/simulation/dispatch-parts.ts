import { Faults } from '@kintsugi/hosting';
import type { Bus, EventPublisher, HearingClock } from '@kintsugi/messaging';
import type { Logger, Metrics } from '@kintsugi/observability';
import type { JobLedger } from '../../jobs/job-ledger.js';
import type { Clock } from '../../platform/clock.js';
import type { Leader } from '../../platform/leader.js';
import { ChunkChanges } from '../../tasks/chunk-changes.js';
import type { ChunkRecord } from '../../tasks/chunk-record.js';
import { ChunkWriter } from '../../tasks/chunk-writer.js';
import { LiveChunks } from '../../tasks/live-chunks.js';
import { Dispatcher } from '../dispatcher.js';
import { WorkerRoster } from '../domain/worker-roster.js';
import { KeyLimits } from '../key-limits.js';
import { LeaseBook } from '../lease-book.js';
import { ResourceRoom } from '../resource-room.js';
import { WorkSender } from '../nats/work-sender.js';
import { WorkerListener } from '../nats/worker-listener.js';
import { ReadyQueues } from '../ready-queues.js';
import { TakeOverLeases } from '../take-over-leases.js';
import { TaskEngine } from '../task-engine.js';
import { WorkerWatch } from '../worker-watch.js';

export interface TaskParts {
  changes: ChunkChanges;
  writer: ChunkWriter;
  live: LiveChunks;
}

export interface GivenParts {
  /** Nothing is asked of a record that is not given. */
  record?: Partial<ChunkRecord>;
  /** What a spec needs of a ledger, or a whole one over the parts below it. */
  ledger?: Partial<JobLedger> | ((parts: TaskParts) => JobLedger);
  bus?: Partial<Bus>;
  hearing?: Partial<HearingClock>;
  metrics?: Partial<Metrics>;
  publisher?: Partial<EventPublisher>;
  leader?: Pick<Leader, 'assertLeading'>;
  now?: number;
  lossesMax?: number;
  writer?: Pick<ChunkWriter, 'save' | 'isBusy'>;
  sender?: Partial<WorkSender>;
  onFault?: (error: unknown) => void;
}

/** The parts of dispatch for specs: each is given what Nest gives it, over the surroundings that a spec has. */
export function dispatchParts(given: GivenParts = {}) {
  const record = (given.record ?? {}) as ChunkRecord;
  const bus = (given.bus ?? { state: 'up' }) as Bus;
  const heard = given.hearing ?? { now: 0, hearsSince: -Infinity };
  const hearing = Object.assign(heard, { noteSign: () => undefined }) as HearingClock;
  const metrics = { count: () => undefined, observeMany: () => undefined, ...given.metrics } as unknown as Metrics;
  const leader: Leader = { epoch: 1, assertLeading: () => Promise.resolve(), ...given.leader };
  const clock: Clock = { now: () => given.now ?? 0 };
  const publisher = { publishTransient: () => undefined, ...given.publisher } as unknown as EventPublisher;
  const logger = { warn: () => undefined } as unknown as Logger;
  const faults = new Faults(given.onFault ?? (() => undefined), 'test');
  const changes = new ChunkChanges(faults);
  const writer = (given.writer ?? new ChunkWriter(record, changes, faults)) as ChunkWriter;
  const live = new LiveChunks(record, writer, changes);
  const ledger = ledgerOf(given.ledger, { changes, writer, live });
  const roster = new WorkerRoster();
  const limits = new KeyLimits();
  const book = new LeaseBook(roster, ledger, hearing, limits, changes);
  const room = new ResourceRoom(roster, book, publisher, metrics, clock);
  const queues = new ReadyQueues(record, live, ledger, book, limits, room, changes, faults);
  const engine = new TaskEngine(live, writer, ledger, book, queues, changes, metrics, clock, faults);
  const sender = (given.sender ?? new WorkSender(bus)) as WorkSender;
  const dispatcher = new Dispatcher(engine, queues, roster, book, room, ledger, writer, sender, clock, hearing);
  const takeOver = new TakeOverLeases(record, engine, queues);
  const watch = new WorkerWatch(
    ...([bus, hearing, roster, live, ledger, queues, engine, dispatcher, sender, leader, clock, metrics, logger] as const),
    { LEASE_LOSSES_MAX: given.lossesMax ?? 5, TIMEOUT_GRACE_MS: 5_000 },
  );
  const listener = new WorkerListener(bus, live, engine, hearing, watch, leader, faults);
  return { changes, writer, live, ledger, roster, limits, book, queues, engine, sender, dispatcher, takeOver, watch, listener };
}

function ledgerOf(given: GivenParts['ledger'], parts: TaskParts): JobLedger {
  if (typeof given === 'function') return given(parts);
  return { all: [], get: () => undefined, ...given } as unknown as JobLedger;
}

export type DispatchParts = ReturnType<typeof dispatchParts>;
