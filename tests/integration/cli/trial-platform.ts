import { join } from 'node:path';
import { repository, startPlatform, type Platform } from '@kintsugi/supervisor';
import { runCommand, type CommandRun } from '../../command-line.js';

export interface TrialPlatform {
  platform: Platform;
  /** Runs a command of `kintsugi` against it. */
  run: (args: string[], input?: string) => Promise<CommandRun>;
  /** The one JSON value of a command. */
  json: <Value>(args: string[], input?: string) => Promise<Value>;
}

const worker = join(repository, 'tests', 'integration', 'cli', 'programs', 'trial-worker.mjs');

/** A whole platform with a worker for tasks of type `trial`. */
export async function startTrialPlatform(): Promise<TrialPlatform> {
  const platform = await startPlatform({
    settings: { WORKER_PROGRAM: [worker], WORKER_SAMPLE_MS: 500 },
    environmentOf: { 'job-service': { WEDGED_AFTER_MS: '1500' } },
  });
  const run = (args: string[], input = ''): Promise<CommandRun> => runCommand([...args, '--home', platform.home], {}, input);
  const json = async <Value>(args: string[], input = ''): Promise<Value> =>
    JSON.parse((await run([...args, '--json'], input)).stdout) as Value;
  return { platform, run, json };
}
