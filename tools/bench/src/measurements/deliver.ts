import { setTimeout as delay } from 'node:timers/promises';
import { faultsOfDelivery, type Recorded, type Tally } from '../domain/exactness.js';
import type { Lane } from '../domain/task-payload.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import type { LoadProcess } from '../process/load-process.js';
import type { ProducerCalls, WorkerCalls, WorkerTally } from '../process/load-messages.js';
import type { Submission, SystemUnderTest } from '../system/system-under-test.js';
import { readUsage, usageBetween, type Usage } from './usage.js';
import type { Contender, RunLedger } from './contender.js';

/** A run in which not every task was accepted, run and recorded. */
export class InexactDeliveryError extends Error {
  override readonly name = 'InexactDeliveryError';
}

export interface Delivered {
  submission: Submission;
  worker: WorkerTally;
  /** When the system's own store said that all is done. */
  recordedAtMs: number;
  usage: Usage;
}

const runTimeoutMs = 180_000;
const recordTimeoutMs = 30_000;
const recordPollMs = 2;

/** Work that is put off, such as history, journal and heap, is counted too: the figures are read this much later. */
const settleMs = 1_000;

/** One exact run: submits, waits until every task has run and is recorded, and accounts for what it took. */
export async function deliver(
  contender: Contender,
  lane: Lane,
  count: number,
  submit: (producer: LoadProcess<ProducerCalls>) => Promise<Submission>,
): Promise<Delivered> {
  const { system, producer, worker } = contender;
  await system.refresh();
  await worker.call('expect', { count });
  const allRan = untilAllRan(worker);
  // Where nothing could be submitted, that is the fault that is told.
  allRan.catch(() => undefined);
  const before = readUsage(contender);
  const submission = await submit(producer);
  await allRan;
  const recorded = await untilRecorded(system, lane, submission);
  const recordedAtMs = monotonicMs();
  await delay(settleMs);
  const usage = usageBetween(before, readUsage(contender), count);
  const tally = await worker.call('tally', {});
  const faults = [
    ...faultsOfDelivery({ submitted: count, accepted: submission.accepted, handled: tally.tally, recorded }),
    ...(await system.faultsAfter(lane, submission)),
  ];
  settle(contender.ledger, faults, tally.tally);
  return { submission, worker: tally, recordedAtMs, usage };
}

/** Enters a run into the books; throws when it was not exact. */
export function settle(ledger: RunLedger, faults: string[], { repeated }: Tally): void {
  if (faults.length > 0) throw new InexactDeliveryError(faults.join('; '));
  ledger.exactRuns += 1;
  ledger.repeatedRuns += repeated;
}

/** Also ends when the time is up: the count then says what is missing. */
export async function untilAllRan(worker: LoadProcess<WorkerCalls>): Promise<void> {
  await worker.notice(({ kind }) => kind === 'all_ran', runTimeoutMs);
}

/** What the store says once it says that all is done, or when the time is up. */
export async function untilRecorded(system: SystemUnderTest, lane: Lane, submission: Submission): Promise<Recorded> {
  const deadline = monotonicMs() + recordTimeoutMs;
  for (;;) {
    const recorded = await system.recordedOf(lane, submission);
    if (recorded.done >= submission.accepted || monotonicMs() > deadline) return recorded;
    await delay(recordPollMs);
  }
}
