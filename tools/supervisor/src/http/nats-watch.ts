import { setTimeout as delay } from 'node:timers/promises';

const checkEveryMs = 1_000;
const timeoutMs = 2_000;

/** A broken JetStream says so at once; silence may only mean a busy machine, so it has longer. */
const sickChecksMax = 3;
const silentChecksMax = 10;

export type NatsHealth = 'well' | 'sick' | 'silent';

/** Asks nats-server whether its streams can still be written. */
export async function checkNats(monitorPort: number): Promise<NatsHealth> {
  try {
    const response = await fetch(`http://127.0.0.1:${monitorPort}/healthz`, { signal: AbortSignal.timeout(timeoutMs) });
    await response.arrayBuffer();
    return response.ok ? 'well' : 'sick';
  } catch {
    return 'silent';
  }
}

/**
 * Watches a nats-server that is alive but may not work any more, as when its files were deleted under it: after
 * a few bad checks in a row `onFailure` is called. A server that is down is somebody else's care.
 */
export async function watchNats(
  options: { monitorPort: number; isRunning: () => boolean; onFailure: (health: NatsHealth) => void },
  signal: AbortSignal,
): Promise<void> {
  const bad = { sick: 0, silent: 0 };
  while (!signal.aborted) {
    await delay(checkEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    const health = options.isRunning() && !signal.aborted ? await checkNats(options.monitorPort) : 'well';
    bad.sick = health === 'sick' ? bad.sick + 1 : 0;
    bad.silent = health === 'silent' ? bad.silent + 1 : 0;
    if (bad.sick < sickChecksMax && bad.silent < silentChecksMax) continue;
    bad.sick = 0;
    bad.silent = 0;
    if (options.isRunning()) options.onFailure(health);
  }
}
