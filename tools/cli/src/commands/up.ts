import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  HomeFileError,
  HomeLockedError,
  isRunning,
  preparePlatform,
  readState,
  resolveSettings,
  type Platform,
  type PlatformEvent,
  type PlatformState,
} from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { misspellings, settingsSources, type GivenSettings } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { startDetached } from '../process/start-detached.js';
import { PlatformReport } from '../terminal/platform-report.js';

export interface UpOptions {
  home?: string;
  port?: string;
  natsPort?: string;
  mongoPort?: string;
  workers?: string;
  auth?: string;
  monitoring?: boolean;
  detach?: boolean;
}

const program = fileURLToPath(new URL('../main.js', import.meta.url));

/** Starts the platform and stays with it until it is told to stop, or leaves it running in the background. */
export async function up(context: CommandContext, options: UpOptions): Promise<ExitCode> {
  const flags = givenFlags(options);
  const values = Object.fromEntries(flags.map(({ setting, value }) => [setting, value]));
  const given = settingsSources({ ...(options.home ? { home: options.home } : {}), values }, context.environment);
  const report = new PlatformReport(context);
  const deadline = performance.now() + silentStartMs;
  for (;;) {
    const running = await runningPlatform(given.home);
    if (running) return alreadyRunning(running, options, report);
    if (options.detach) {
      const args = [
        'up',
        '--json',
        '--home',
        given.home,
        ...flags.flatMap(({ name, value }) => (name === '--monitoring' ? [name] : [name, value])),
      ];
      const { state, isOurs } = await startDetached(given.home, { program, args, environment: context.environment });
      return isOurs ? report.ready(state) : alreadyRunning(state, options, report);
    }
    try {
      return await stay(context, given, report);
    } catch (error) {
      if (!(error instanceof HomeLockedError)) throw error;
      if (performance.now() > deadline) throw heldInSilence(error);
      // Another one starts at this very moment and has not left its state yet.
      await delay(statePollMs);
    }
  }
}

/** The options that give a setting. */
function givenFlags(options: UpOptions): { name: string; setting: string; value: string }[] {
  const { port, natsPort, mongoPort, workers, auth, monitoring } = options;
  return [
    { name: '--port', setting: 'API_PORT', value: port },
    { name: '--nats-port', setting: 'NATS_PORT', value: natsPort },
    { name: '--mongo-port', setting: 'MONGO_PORT', value: mongoPort },
    { name: '--workers', setting: 'WORKERS', value: workers },
    { name: '--auth', setting: 'AUTH', value: auth },
    { name: '--monitoring', setting: 'MONITORING', value: monitoring ? 'on' : undefined },
  ].flatMap((flag) => (flag.value === undefined ? [] : [{ ...flag, value: flag.value }]));
}

/** The state of the platform whose supervisor lives, once it is past its start or its stop. */
async function runningPlatform(home: string): Promise<PlatformState | null> {
  for (;;) {
    const state = stateThatCanBeRead(home);
    if (!state || !(await isRunning(state.supervisor))) return null;
    if (state.status === 'ready') return state;
    await delay(statePollMs);
  }
}

const statePollMs = 50;
/** Longer than a supervisor takes, at the worst, to end what an earlier one left and to say that it starts. */
const silentStartMs = 30_000;

/** A broken state says nothing: the lock of the home tells whether somebody is there, and he writes it anew. */
function stateThatCanBeRead(home: string): PlatformState | null {
  try {
    return readState(home);
  } catch (error) {
    if (error instanceof HomeFileError) return null;
    throw error;
  }
}

function heldInSilence({ home, holder }: HomeLockedError): Failure {
  const message = `${home} is held by a supervisor (pid ${holder.pid}) that does not say how it is.`;
  return new Failure('UNAVAILABLE', message, { advice: `End it with: kill ${holder.pid}. Everything it started ends with it.` });
}

/** What runs already is what was asked for, unless it was asked for somewhere else. */
function alreadyRunning(state: PlatformState, options: UpOptions, report: PlatformReport): ExitCode {
  const port = new URL(state.urls.api).port;
  if (options.port !== undefined && options.port !== port) {
    throw new Failure('UNAVAILABLE', `The platform of this home runs already, at ${state.urls.api}.`, {
      advice: 'Stop it with ./kintsugi down, or start a second one with another --home.',
      exitCode: exitCodes.failed,
    });
  }
  return report.alreadyRuns(state);
}

/** Runs the platform in this process until it is told to stop. */
export async function stay({ output }: CommandContext, given: GivenSettings, report: PlatformReport): Promise<ExitCode> {
  const { settings, environment } = await resolveSettings(given.sources);
  report.starts(given.home, misspellings(given));
  const onEvent = (event: PlatformEvent): void => report.tell(event);
  const platform = await preparePlatform({ home: given.home, settings, environment, onEvent });
  const stopped = stopOnSignals(platform);
  try {
    await platform.start();
  } catch (error) {
    if (stopped.asked()) return exitCodes.interrupted;
    throw error;
  }
  report.ready(platform.state());
  await stopped.done;
  if (!output.json) output.say('Stopped.');
  return exitCodes.ok;
}

/** The first signal stops in order, the second kills what has no data of its own, the third leaves nothing to wait for. */
function stopOnSignals(platform: Platform): { done: Promise<void>; asked: () => boolean } {
  let signals = 0;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const onSignal = (): void => {
    signals += 1;
    if (signals === 1) void platform.stop().then(resolve);
    else if (signals === 2) platform.hasten();
    else platform.abandon();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, onSignal);
  return { done, asked: () => signals > 0 };
}
