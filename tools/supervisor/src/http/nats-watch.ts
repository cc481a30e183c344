import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const checkEveryMs = 2_000;
/** Two more bad checks follow the first soon, so that a server is known to be sick within three seconds. */
const checkAgainMs = 500;
const timeoutMs = 2_000;
/**
 * Which streams it has changes next to never once the services have made theirs: they are asked for in each of the first looks at
 * it, in so many looks once after that, and where the files of one are missing.
 */
const looksPerReading = 15;

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
export class NatsCheck {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly monitor: string;
  /** The streams that it had when it was asked last. */
  private streams: string[] = [];
  private looks = 0;

  constructor(private readonly watched: WatchedNats) {
    this.monitor = `http://127.0.0.1:${watched.monitorPort}${watched.monitorPath ?? ''}`;
  }

  async look(): Promise<NatsHealth> {
    try {
      if ((await this.ask('/healthz')) === null) return 'sick';
      const isTime = this.looks < looksPerReading || this.looks % looksPerReading === 0;
      if (isTime || !this.hasFiles()) await this.readStreams();
      this.looks += 1;
      return this.hasFiles() ? 'well' : 'sick';
    } catch {
      this.looks = 0;
      return 'silent';
    }
  }

  private async readStreams(): Promise<void> {
    const report = (await this.ask('/jsz?accounts=true&streams=true')) as JetStreamReport | null;
    const streams = report?.account_details?.flatMap(({ stream_detail = [] }) => stream_detail) ?? [];
    this.streams = streams.map(({ name }) => name);
  }

  private hasFiles(): boolean {
    return this.streams.every((name) => existsSync(join(this.watched.streamFolder, name, 'meta.inf')));
  }

  /** The answer, or null for one that tells of a failure. */
  private async ask(path: string): Promise<unknown> {
    const asked = get(this.monitor + path, { agent: this.agent, signal: AbortSignal.timeout(timeoutMs) });
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    const answer = await json(response);
    return response.statusCode === 200 ? answer : null;
  }
}

interface JetStreamReport {
  account_details?: { stream_detail?: { name: string }[] }[];
}

/**
 * Watches a nats-server that is alive but may not work any more, as when its files were deleted under it: after
 * a few bad checks in a row `onFailure` is called. A server that is down or silent is somebody else's care.
 */
export async function watchNats(
  options: WatchedNats & { isRunning: () => boolean; onFailure: () => void },
  signal: AbortSignal,
): Promise<void> {
  const check = new NatsCheck(options);
  let sickChecks = 0;
  while (!signal.aborted) {
    await delay(sickChecks > 0 ? checkAgainMs : checkEveryMs, undefined, { signal, ref: false }).catch(() => undefined);
    const health = options.isRunning() && !signal.aborted ? await check.look() : 'well';
    sickChecks = health === 'sick' ? sickChecks + 1 : 0;
    if (sickChecks < sickChecksMax) continue;
    sickChecks = 0;
    if (options.isRunning()) options.onFailure();
  }
}
