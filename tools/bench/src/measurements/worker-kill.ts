import { faultsOfDelivery } from '../domain/exactness.js';
import type { WorkerProfile } from '../domain/systems.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import { LoadProcess } from '../process/load-process.js';
import type { WorkerCalls } from '../process/load-messages.js';
import type { Submission } from '../system/system-under-test.js';
import { workerConcurrency, type Contender } from './contender.js';
import { InexactDeliveryError, settle, untilAllRan, untilRecorded } from './deliver.js';

const lane = 'hold';
const heldTasks = workerConcurrency;
const holdTimeoutMs = 30_000;

/**
 * How long it takes until the tasks of a killed worker have started elsewhere, in milliseconds: one worker holds a
 * hundred of them, a second one stands by and has shown that it gets work, the first one gets SIGKILL.
 */
export async function measureWorkerKill({ system, producer, ledger }: Contender, profile: WorkerProfile): Promise<number> {
  await system.refresh();
  const settings = {
    system: system.name,
    address: system.address,
    lanes: [lane],
    profile,
    concurrency: workerConcurrency,
  } as const;
  const workers: LoadProcess<WorkerCalls>[] = [];
  const startWorker = async (holds: boolean): Promise<LoadProcess<WorkerCalls>> => {
    const worker = await LoadProcess.startWorker({ ...settings, lanes: [lane], holds });
    workers.push(worker);
    return worker;
  };
  try {
    const holder = await startWorker(true);
    const held = startsOf(holder);
    const allHeld = holder.notice(() => held.size === heldTasks, holdTimeoutMs);
    const batch = await producer.call('bulk', { lane, count: heldTasks });
    if (!(await allHeld)) throw new InexactDeliveryError(`the worker to be killed holds ${held.size} of ${heldTasks} tasks`);
    const rescuer = await startWorker(false);
    const oneMore = await proveReady(rescuer, () => producer.call('one', { lane, n: heldTasks }));
    await untilRecorded(system, lane, oneMore);
    await rescuer.call('expect', { count: heldTasks });
    const starts = startsOf(rescuer);
    const allRan = untilAllRan(rescuer);
    const killedAtMs = monotonicMs();
    await holder.kill();
    await allRan;
    await checkDelivery({ system, rescuer, ledger }, together(batch, oneMore));
    return Math.max(...starts.values()) - killedAtMs;
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
  }
}

/** When each of the held tasks has started first, filled as their starts are told. */
function startsOf(worker: LoadProcess<WorkerCalls>): Map<number, number> {
  const starts = new Map<number, number>();
  worker.onNotice((notice) => {
    if (notice.kind === 'held' && notice.n < heldTasks && !starts.has(notice.n)) starts.set(notice.n, notice.atMs);
  });
  return starts;
}

/** The holder has no room left, so one task more can only run on the second worker. */
async function proveReady(rescuer: LoadProcess<WorkerCalls>, submit: () => Promise<Submission>): Promise<Submission> {
  const ran = rescuer.notice((notice) => notice.kind === 'held' && notice.n === heldTasks, holdTimeoutMs);
  const submission = await submit();
  if (!(await ran)) throw new InexactDeliveryError('the second worker got no task');
  return submission;
}

async function checkDelivery(
  { system, rescuer, ledger }: Pick<Contender, 'system' | 'ledger'> & { rescuer: LoadProcess<WorkerCalls> },
  submission: Submission,
): Promise<void> {
  const recorded = await untilRecorded(system, lane, submission);
  const { tally } = await rescuer.call('tally', {});
  const { done } = recorded;
  const faults = faultsOfDelivery({
    submitted: heldTasks,
    accepted: submission.accepted - 1,
    handled: tally,
    recorded: { ...recorded, done: done - 1 },
  });
  settle(ledger, faults, tally);
}

function together(one: Submission, other: Submission): Submission {
  return { ...one, accepted: one.accepted + other.accepted, receipts: [...one.receipts, ...other.receipts] };
}
