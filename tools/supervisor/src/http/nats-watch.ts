import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const checkEveryMs = 2_000;
/** Two more bad checks follow the first soon, so that a server is known to be sick within three seconds. */
const checkAgainMs = 500;
const timeoutMs = 2_000;

const sickChecksMax = 3;

export type NatsHealth = 'well' | 'sick' | 'silent';

export interface WatchedNats {
  monitorPort: number;
  /** Before each path of its monitor. */
  monitorPath?: string;
  /** Where its streams are, a folder each. */
  streamFolder: string;
}

/**
 * Asks nats-server whether its streams can be written. It notices some failed writes itself; that its files were
 * deleted it may not notice until it needs a new one, and then still call itself well.
 */
export async function checkNats({ monitorPort, monitorPath = '', streamFolder }: WatchedNats): Promise<NatsHealth> {
  try {
    const monitor = `http://127.0.0.1:${monitorPort}${monitorPath}`;
    if ((await ask(`${monitor}/healthz`)) === null) return 'sick';
    const accounts = (await ask(`${monitor}/jsz?accounts=true&streams=true`)) as JetStreamReport | null;
    const streams = accounts?.account_details?.flatMap(({ stream_detail = [] }) => stream_detail) ?? [];
    return streams.every(({ name }) => existsSync(join(streamFolder, name, 'meta.inf'))) ? 'well' : 'sick';
  } catch {
    return 'silent';
  }
}

interface JetStreamReport {
  account_details?: { stream_detail?: { name: string }[] }[];
}

/** The answer, or null for one that tells of a failure. */
async function ask(url: string): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  const answer = await response.json();
  return response.ok ? answer : null;
}

/**
 * Watches a nats-server that is alive but may not work any more, as when its files were deleted under it: after
 * a few bad checks in a row `onFailure` is called. A server that is down or silent is somebody else's care.
 */
export async function watchNats(
  options: WatchedNats & { isRunning: () => boolean; onFailure: () => void },
  signal: AbortSignal,
): Promise<void> {
  let sickChecks = 0;
  while (!signal.aborted) {
    await delay(sickChecks > 0 ? checkAgainMs : checkEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    const health = options.isRunning() && !signal.aborted ? await checkNats(options) : 'well';
    sickChecks = health === 'sick' ? sickChecks + 1 : 0;
    if (sickChecks < sickChecksMax) continue;
    sickChecks = 0;
    if (options.isRunning()) options.onFailure();
  }
}
