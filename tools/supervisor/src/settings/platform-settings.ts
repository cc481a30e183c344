import { z } from 'zod';
import { PlatformStartError } from '../start-error.js';

/** Text as a whole number within bounds. */
function whole(minimum: number, maximum: number) {
  const error = `a whole number from ${minimum} to ${maximum} is wanted`;
  return z.coerce.number({ error }).int({ error }).min(minimum, { error }).max(maximum, { error });
}

const port = whole(1, 65_535);
const onOff = z.enum(['on', 'off'], { error: 'on or off is wanted' });

/** What the supervisor itself is told. Everything else in the environment goes on to the services as it is. */
export const platformSettings = {
  KINTSUGI_HOME: z
    .string()
    .default('.kintsugi')
    .describe('Folder of data, logs and state, relative to the repository. Each running platform has its own.'),
  API_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('Address the gateway listens on. Any but a loopback address turns API keys on.'),
  API_PORT: port.default(8000).describe('Port of the HTTP API.'),
  NATS_PORT: port.default(4222).describe('Port of the nats-server that `up` starts.'),
  MONGO_PORT: port.default(27117).describe('Port of the mongod that `up` starts.'),
  MONITORING: onOff
    .default('off')
    .describe(
      "on: Prometheus and Alertmanager run beside the platform and watch it, from PATH or from Debian's packages, which are fetched once.",
    ),
  PROMETHEUS_PORT: port.default(9090).describe('Port of the Prometheus that `up` starts with MONITORING=on.'),
  ALERTMANAGER_PORT: port.default(9093).describe('Port of its Alertmanager.'),
  NATS_URL: z.string().optional().describe('NATS servers of yours; then `up` starts none.'),
  MONGO_URL: z.string().optional().describe('MongoDB replica set of yours; then `up` starts none.'),
  WORKERS: whole(0, 64).default(1).describe('Worker processes of each worker program.'),
  WORKER_PROGRAM: z
    .string()
    .default('examples/newsletter/dist/worker.js')
    .describe('Worker programs, comma separated, relative to the repository.'),
  BUILT_IN_WORKER: onOff
    .default('on')
    .describe('on: the built-in worker runs too, which takes jobs of commands (execute_cli) and HTTP requests (http_request).'),
  COMPANION_PROGRAM: z
    .string()
    .default('')
    .describe('Programs that run beside the workers and under the same care, comma separated, such as a mail server for trials.'),
  WORKER_SLOTS: whole(1, 10_000).default(100).describe('Tasks that one worker process runs at once.'),
  WORKER_MEMORY_MB: z.coerce
    .number()
    .positive()
    .optional()
    .describe(
      'MiB of memory that the tasks of one worker process may use together, as far as jobs say by resource_limits what they use; what its control group or the machine has when absent. Divide it where several workers share a machine.',
    ),
  WORKER_CPUS: z.coerce
    .number()
    .positive()
    .optional()
    .describe('Cores that they may use together; those of the control group or the machine when absent.'),
  WORKER_DRAIN_MS: whole(1, 3_600_000)
    .default(8_000)
    .describe('How long tasks that run when their worker is told to stop may go on.'),
  WORKER_SAMPLE_MS: whole(0, 600_000)
    .default(5_000)
    .describe('How often a worker tells what it and its jobs use of CPU and memory, in milliseconds; 0 for never.'),
  AUTH: onOff
    .optional()
    .describe(
      'on: every request needs an API key, and the servers that `up` starts ask for credentials. Off only on a loopback address, where it is the default.',
    ),
  LOG_MAX_SIZE_MB: z.coerce
    .number()
    .min(1)
    .max(100_000)
    .default(100)
    .describe('Size at which a log file is set aside and a new one begun.'),
  LOG_RETENTION_DAYS: whole(0, 3_650).default(7).describe('Days that log files set aside are kept.'),
};

type Parsed = z.output<z.ZodObject<typeof platformSettings>>;

export type PlatformSettings = Omit<Parsed, 'AUTH' | 'WORKER_PROGRAM' | 'COMPANION_PROGRAM' | 'KINTSUGI_HOME'> & {
  AUTH: 'on' | 'off';
  WORKER_PROGRAM: string[];
  COMPANION_PROGRAM: string[];
};

type PortSetting = 'API_PORT' | 'NATS_PORT' | 'MONGO_PORT' | 'PROMETHEUS_PORT' | 'ALERTMANAGER_PORT';

/** The ports that a start opens, by their settings. */
export function portsOf(settings: PlatformSettings): { setting: PortSetting; port: number }[] {
  const opened: PortSetting[] = [
    'API_PORT',
    ...(settings.NATS_URL ? [] : ['NATS_PORT' as const]),
    ...(settings.MONGO_URL ? [] : ['MONGO_PORT' as const]),
    ...(settings.MONITORING === 'on' ? (['PROMETHEUS_PORT', 'ALERTMANAGER_PORT'] as const) : []),
  ];
  return opened.map((setting) => ({ setting, port: settings[setting] }));
}

/** Settings from one place: flags, the environment or a file. Empty values count as not given. */
export interface SettingsSource {
  name: string;
  values: Record<string, string | undefined>;
}

export interface ResolvedSettings {
  settings: PlatformSettings;
  /** Every value from every source, the winner where several give one: what the services get. */
  environment: Record<string, string>;
}

/** The settings that hold, from sources of which the first that gives a value wins. */
export function resolveSettings(sources: SettingsSource[]): ResolvedSettings {
  const environment: Record<string, string> = {};
  const origin: Record<string, string> = {};
  for (const source of sources) {
    for (const [name, value] of Object.entries(source.values)) {
      if (value === undefined || value === '' || name in environment) continue;
      environment[name] = value;
      origin[name] = source.name;
    }
  }
  const parsed = z.object(platformSettings).safeParse(environment);
  if (!parsed.success) {
    throw refusal(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        return `${name} is ${JSON.stringify(environment[name])} (from ${origin[name]}): ${issue.message}`;
      }),
    );
  }
  const settings = completed(parsed.data);
  refuseContradictions(settings);
  return { settings, environment };
}

function completed({ KINTSUGI_HOME: _, ...parsed }: Parsed): PlatformSettings {
  return {
    ...parsed,
    AUTH: parsed.AUTH ?? (isLoopback(parsed.API_HOST) ? 'off' : 'on'),
    WORKER_PROGRAM: listOf(parsed.WORKER_PROGRAM),
    COMPANION_PROGRAM: listOf(parsed.COMPANION_PROGRAM),
  };
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function refuseContradictions(settings: PlatformSettings): void {
  const faults: string[] = [];
  if (settings.AUTH === 'off' && !isLoopback(settings.API_HOST)) {
    faults.push(
      `AUTH=off is allowed on a loopback address only, and API_HOST is ${settings.API_HOST}: leave AUTH out, or use 127.0.0.1`,
    );
  }
  const ports = portsOf(settings);
  ports.forEach(({ setting, port: number }, index) => {
    const twin = ports.slice(0, index).find((other) => other.port === number);
    if (twin) faults.push(`${setting} and ${twin.setting} are both ${number}: give each its own port`);
  });
  if (faults.length > 0) throw refusal(faults);
}

/** Each fault names the setting, where it was set and what is allowed. */
function refusal(faults: string[]): PlatformStartError {
  return new PlatformStartError('settings', faults.join('\n'), 'Each setting is explained in .env.example.');
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
