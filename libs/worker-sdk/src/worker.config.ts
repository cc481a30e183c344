import { hostname } from 'node:os';
import { workerVersionSchema } from '@kintsugi/contracts';
import { natsLogin, type NatsLogin } from '@kintsugi/messaging';
import { settingText } from '@kintsugi/messaging/setting-text';
import { natsUrlOfHome } from './nats-of-home.js';
import { ownCapacity } from './worker-capacity.js';
import type { RunPlace } from './task-runner.js';
import type { WorkerLog } from './worker-log.js';

export interface WorkerOptions {
  /** @default the environment's NATS_URL, or that of the platform's home nearby, or nats://127.0.0.1:4222 */
  natsUrl?: string;
  /**
   * Who the worker is at NATS, where its URL does not say so, and how the line is secured.
   * @default the environment's NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_CREDS or NATS_NKEY, and its NATS_TLS_CA, NATS_TLS_CERT and
   * NATS_TLS_KEY: each the text itself or, with `_FILE` behind its name, the path of a file that holds it
   */
  natsLogin?: NatsLogin;
  /** Shown with the worker. @default the environment's WORKER_NAME, or the host's name */
  name?: string;
  /** The version of what it runs, told with each failure: groups of failures show which they struck. @default the environment's WORKER_VERSION, or none */
  version?: string;
  /**
   * Tasks that run at once.
   * @default the environment's WORKER_SLOTS, or 100, or as many as there are cores where a handler has processes of its own (`isolate: true`)
   */
  slots?: number;
  /**
   * Memory in MiB that its tasks may use together, as far as their jobs say what they use (`resource_limits`).
   * @default the environment's WORKER_MEMORY_MB, or what the control group of this process or the machine has
   */
  memoryMb?: number;
  /** Cores that they may use together. @default the environment's WORKER_CPUS, or those of the control group or the machine */
  cpus?: number;
  /** How long tasks that run at the stop may go on. @default the environment's WORKER_DRAIN_MS, or 8000 */
  drainTimeoutMs?: number;
  /**
   * Whether SIGTERM and SIGINT stop every worker of this process in order before they end it. Without it the signals
   * are the host's, which calls `stop()`.
   * @default false
   */
  handleSignals?: boolean;
  /** Values that are taken out of what tasks log and of what failures say, before that leaves this process. @default none */
  secrets?: readonly string[];
  /**
   * How often it tells what it and its jobs use of CPU and memory, in milliseconds; 0 for never.
   * @default the environment's WORKER_SAMPLE_MS, or 5000
   */
  sampleEveryMs?: number;
  /** Gets a line at the start that says what is served, and one when that is in trouble; false is silence. @default a line to standard error */
  log?: WorkerLog | false;
}

export interface ResolvedOptions extends Required<Omit<WorkerOptions, 'log' | 'slots' | 'version'>> {
  version: string | undefined;
  /** Null where nothing was said. */
  slots: number | null;
  log: WorkerLog | false | undefined;
  /** Whether to stop when standard input ends, as a supervisor asks. */
  leashed: boolean;
}

/** The options as given, then as the environment says, then by default. What cannot be used is an error. */
export function resolveOptions(options: WorkerOptions, environment: NodeJS.ProcessEnv = process.env): ResolvedOptions {
  const { memory_mib: memory, cpu_cores: cores } = ownCapacity();
  return {
    natsUrl:
      options.natsUrl ??
      environment['NATS_URL'] ??
      natsUrlOfHome(environment['KINTSUGI_HOME'], process.cwd()) ??
      'nats://127.0.0.1:4222',
    natsLogin: options.natsLogin ?? natsLogin((name) => settingText(name, environment)),
    name: options.name ?? environment['WORKER_NAME'] ?? hostname(),
    version: versionOf(options.version ?? environment['WORKER_VERSION']),
    slots: wholeNumber('WORKER_SLOTS', options.slots ?? environment['WORKER_SLOTS'], null, 10_000),
    memoryMb: amount('WORKER_MEMORY_MB', options.memoryMb ?? environment['WORKER_MEMORY_MB'], memory, 1e9),
    cpus: amount('WORKER_CPUS', options.cpus ?? environment['WORKER_CPUS'], cores, 1e6),
    drainTimeoutMs: wholeNumber('WORKER_DRAIN_MS', options.drainTimeoutMs ?? environment['WORKER_DRAIN_MS'], 8_000, 3_600_000),
    sampleEveryMs: wholeNumber('WORKER_SAMPLE_MS', options.sampleEveryMs ?? environment['WORKER_SAMPLE_MS'], 5_000, 600_000, 0),
    handleSignals: options.handleSignals ?? false,
    secrets: options.secrets ?? [],
    log: options.log,
    leashed: environment['KINTSUGI_LEASHED'] === '1',
  };
}

/** Where its runs are. */
export function runPlaceOf({ version }: Pick<ResolvedOptions, 'version'>): RunPlace {
  return { host: hostname(), ...(version === undefined ? {} : { version }) };
}

function versionOf(given: string | undefined): string | undefined {
  if (given === undefined || given === '') return undefined;
  const { success } = workerVersionSchema.safeParse(given);
  if (!success) throw new Error(`WORKER_VERSION must be a text of at most 64 characters, got ${given.length}.`);
  return given;
}

function amount(name: string, given: number | string | undefined, fallback: number, maximum: number): number {
  if (given === undefined || given === '') return fallback;
  const value = Number(given);
  if (!(value > 0 && value <= maximum)) throw new Error(`${name} must be a number above 0, got ${given}.`);
  return value;
}

function wholeNumber<Fallback extends number | null>(
  name: string,
  given: number | string | undefined,
  fallback: Fallback,
  maximum: number,
  minimum = 1,
): number | Fallback {
  if (given === undefined || given === '') return fallback;
  const value = Number(given);
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw new Error(`${name} must be a whole number from ${minimum} to ${maximum}, got ${given}.`);
  }
  return value;
}
