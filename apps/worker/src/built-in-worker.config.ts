import { join, resolve } from 'node:path';
import { readSettings, type Settings } from '@kintsugi/hosting/settings';
import { tracingSettings } from '@kintsugi/hosting/tracing-settings';
import { z } from 'zod';

const slotsByDefault = 16;

/** The settings of the built-in worker beside those of every worker. */
export const builtInWorkerSettings = {
  WORKER_RULES_FILE: z
    .string()
    .optional()
    .describe('File of the commands and addresses that the built-in worker allows; worker.yaml in the home when absent.'),
  COMMANDS_FOLDER: z
    .string()
    .optional()
    .describe('Folder that commands run in; data/commands in the home when absent. None leaves it.'),
  COMMAND_GRACE_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(5_000)
    .describe('Milliseconds from SIGTERM to SIGKILL for a command that is to end.'),
  BUILT_IN_SLOTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(slotsByDefault)
    .describe('Commands and HTTP requests that the built-in worker runs at once.'),
  HARMLESS_COMMANDS: z
    .enum(['on', 'off'])
    .optional()
    .describe(
      'on: echo, printf, true, false, sleep and date are allowed without a rule. On by default only where the platform listens on a loopback address and asks for no keys.',
    ),
};

const placeSettings = {
  KINTSUGI_HOME: z.string().default('.kintsugi'),
  API_HOST: z.string().optional(),
  AUTH: z.enum(['on', 'off']).optional(),
};

type TracingSettings = Settings<typeof tracingSettings>;

export interface BuiltInWorker {
  rulesFile: string;
  commandsFolder: string;
  graceMs: number;
  slots: number;
  harmlessCommands: boolean;
  tracing: TracingSettings;
  /** The worker's own variables, of which rules hand single ones on. */
  environment: NodeJS.ProcessEnv;
}

/** Throws a SettingsError that names every fault. */
export function builtInWorker(environment: NodeJS.ProcessEnv = process.env): BuiltInWorker {
  const given = readSettings({ ...builtInWorkerSettings, ...placeSettings, ...tracingSettings }, environment);
  const home = resolve(given.KINTSUGI_HOME);
  // Who starts it without a platform around it has said nothing of who can reach it.
  const isClosed = given.AUTH === 'off' && (given.API_HOST === undefined || isLoopback(given.API_HOST));
  return {
    rulesFile: resolve(given.WORKER_RULES_FILE ?? join(home, 'worker.yaml')),
    commandsFolder: resolve(given.COMMANDS_FOLDER ?? join(home, 'data', 'commands')),
    graceMs: given.COMMAND_GRACE_MS,
    slots: given.BUILT_IN_SLOTS,
    harmlessCommands: given.HARMLESS_COMMANDS === undefined ? isClosed : given.HARMLESS_COMMANDS === 'on',
    tracing: given,
    environment,
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
