import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, readState, removeState, sweepLeftOvers, type PlatformState } from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { placeOf } from '../terminal/places.js';
import { duration } from '../terminal/quantities.js';

const pollMs = 50;
/** Longer than the supervisor gives each stage of its own stop. */
const timeoutMs = 60_000;

/** Stops the platform of a home, and whatever a supervisor that died left of it. */
export async function down({ output, environment }: CommandContext, options: { home?: string }): Promise<ExitCode> {
  const { home } = settingsSources(options, environment);
  const startedAt = performance.now();
  const state = readState(home);
  if (!state) {
    output.result({ status: 'down', home, processes: [] }, () => [`Kintsugi is not running in ${placeOf(home)}.`]);
    return exitCodes.ok;
  }
  const left = await stopPlatform(state);
  const tookMs = Math.round(performance.now() - startedAt);
  output.result({ status: 'down', home, processes: [], took_ms: tookMs, left_overs: left }, () => [
    `Stopped after ${duration(tookMs)}; the data stays in ${placeOf(home)}`,
  ]);
  return exitCodes.ok;
}

/** Stops a platform by its state, in order, and what a dead supervisor left of it. Returns the names of what was left. */
export async function stopPlatform(state: PlatformState): Promise<string[]> {
  if (await isRunning(state.supervisor)) await stopSupervisor(state);
  const left = await sweepLeftOvers(state);
  removeState(state.home);
  return left;
}

async function stopSupervisor({ supervisor }: PlatformState): Promise<void> {
  process.kill(supervisor.pid, 'SIGTERM');
  const deadline = performance.now() + timeoutMs;
  while (await isRunning(supervisor)) {
    if (performance.now() > deadline) {
      throw new Failure('UNAVAILABLE', `The supervisor (pid ${supervisor.pid}) has not ended after ${duration(timeoutMs)}.`, {
        advice: `End it with: kill -9 ${supervisor.pid}. Everything it started ends with it.`,
      });
    }
    await delay(pollMs);
  }
}
