import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { spawnLeashed } from '@kintsugi/servers';
import type { LiveTarget, LiveWatch } from '../domain/live-samples.js';

const everyMs = 50;

export function startProber(targets: LiveTarget[]): ChildProcess {
  const program = fileURLToPath(new URL('./live-prober-main.js', import.meta.url));
  const settings = JSON.stringify({ targets, everyMs });
  const [command = process.execPath, ...args] = [...beforeOthers(), process.execPath, program, settings];
  return spawnLeashed(command, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/**
 * What has an asker run before all others, where that may be had: on Linux, by root. What the asker waits for a core is not the
 * service's, and where one waits after the other, the two cannot be told apart.
 */
function beforeOthers(): string[] {
  const ahead = ['chrt', '--fifo', '1'];
  return spawnSync(ahead[0] as string, [...ahead.slice(1), 'true']).status === 0 ? ahead : [];
}

/** What a prober has seen after so long. Rejects as soon as the prober has ended by itself, or what is watched over has failed. */
export async function seenBy(
  prober: Pick<ChildProcess, 'once' | 'send'>,
  durationMs: number,
  watchedOver: Promise<unknown>,
): Promise<LiveWatch> {
  const emitter = prober as ChildProcess;
  const ended = once(emitter, 'exit').then(([code, signal]) => {
    throw new Error(`The process that asks for /health/live ended by itself, with ${signal ?? `exit code ${code}`}.`);
  });
  const seen = once(emitter, 'message') as Promise<[LiveWatch]>;
  await Promise.race([delay(durationMs, undefined, { ref: false }), ended, seen, watchedOver]);
  prober.send('stop', () => undefined);
  return (await Promise.race([seen, ended]))[0];
}
