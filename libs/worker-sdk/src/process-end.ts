import { guarded } from '@kintsugi/boundary';

interface Stoppable {
  stop(): Promise<void>;
}

/** The workers of this process, those of other copies of this package included, and what ends the process. */
interface WorkersOfProcess {
  started: Set<Stoppable>;
  isEnding: boolean;
  onSignal: ((signal: NodeJS.Signals) => void) | null;
  onLeashEnd: (() => void) | null;
}

const signals = ['SIGTERM', 'SIGINT'] as const;
const place = Symbol.for('kintsugi.workers-of-process');
const workers = ((globalThis as { [place]?: WorkersOfProcess })[place] ??= {
  started: new Set(),
  isEnding: false,
  onSignal: null,
  onLeashEnd: null,
});

export function noteStarted(worker: Stoppable): void {
  workers.started.add(worker);
}

/** With the last worker, what was set up for all of them goes too. */
export function noteStopped(worker: Stoppable): void {
  workers.started.delete(worker);
  if (workers.started.size === 0 && !workers.isEnding) release();
}

/**
 * Has SIGTERM and SIGINT drain every worker of the process, whoever started it, before they take their usual effect.
 * Further signals change nothing meanwhile: Ctrl-C below `npm run` comes twice.
 */
export function endOnSignals(): void {
  if (workers.onSignal) return;
  workers.onSignal = guarded('worker.signal', (signal: NodeJS.Signals) =>
    drainAndEnd(signal, () => process.listenerCount(signal) === 0),
  );
  for (const signal of signals) process.on(signal, workers.onSignal);
}

/** A supervisor that goes away, which ends our standard input, takes this process with it once its workers are drained. */
export function endWithSupervisor(): void {
  if (workers.onLeashEnd) return;
  workers.onLeashEnd = guarded('worker.leash', () => drainAndEnd('SIGTERM', () => true));
  process.stdin.on('end', workers.onLeashEnd).on('error', workers.onLeashEnd).resume();
}

/** The signal is raised again: it ends the process as if there had been no worker, unless the host listens to it. */
async function drainAndEnd(signal: NodeJS.Signals, isOursToRaise: () => boolean): Promise<void> {
  if (workers.isEnding) return;
  workers.isEnding = true;
  // A worker may be started while the others are drained.
  while (workers.started.size > 0) {
    const batch = [...workers.started];
    await Promise.allSettled(batch.map((worker) => worker.stop()));
    for (const worker of batch) workers.started.delete(worker);
  }
  workers.isEnding = false;
  release();
  if (isOursToRaise()) process.kill(process.pid, signal);
}

function release(): void {
  const { onSignal, onLeashEnd } = workers;
  if (onSignal) for (const signal of signals) process.off(signal, onSignal);
  if (onLeashEnd) process.stdin.off('end', onLeashEnd).off('error', onLeashEnd).pause();
  workers.onSignal = null;
  workers.onLeashEnd = null;
}
