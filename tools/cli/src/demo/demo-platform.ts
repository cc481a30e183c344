import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, leashFolder, releaseFolder } from '@kintsugi/servers';
import { preparePlatform, readState, resolveSettings } from '@kintsugi/supervisor';
import { stopPlatform } from '../commands/down.js';
import { knownSettings } from '../connection/settings-sources.js';
import { startDetached } from '../process/start-detached.js';
import { ownEnvironment } from './own-environment.js';

const keptPlatformProgram = fileURLToPath(new URL('kept-platform.js', import.meta.url));
const workerProgram = 'examples/newsletter/dist/worker.js';
const worldProgram = 'examples/newsletter/dist/smtp-world/main.js';

/** A folder for one demo; it goes with the demo, also when that is killed, unless everything is to stay. */
export function createDemoFolder(keep: boolean): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'kintsugi-demo-'));
  if (!keep) leashFolder(path);
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    releaseFolder(path);
  };
  return { path, remove };
}

/** Settings of a platform on free ports that nobody else can reach. */
export async function platformSettings() {
  const [api, nats, mongo] = [await freePort(), await freePort(), await freePort()].map(String) as [string, string, string];
  return { API_HOST: '127.0.0.1', API_PORT: api, NATS_PORT: nats, MONGO_PORT: mongo, AUTH: 'off' };
}

/** The same with the newsletter's worker and the mail world that it sends to. */
export async function demoSettings(groupsFolder: string, seed: string) {
  const [smtp, ledger] = [await freePort(), await freePort()].map(String) as [string, string];
  return {
    ...(await platformSettings()),
    WORKERS: '1',
    WORKER_PROGRAM: workerProgram,
    COMPANION_PROGRAM: worldProgram,
    SMTP_HOST: '127.0.0.1',
    SMTP_PORT: smtp,
    SMTP_WORLD_PORT: smtp,
    SMTP_WORLD_LEDGER_PORT: ledger,
    SMTP_WORLD_SEED: seed,
    NEWSLETTER_GROUPS_DIR: groupsFolder,
  };
}

export interface StartOptions {
  home: string;
  settings: Record<string, string>;
  /** Leaves it running when this process ends. */
  keep: boolean;
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

/** Starts the platform of a demo, on servers and settings of its own; what is returned stops it. */
export async function startDemoPlatform({
  home,
  settings: values,
  keep,
  environment: inherited,
  signal,
}: StartOptions): Promise<() => Promise<void>> {
  const own = { ...ownEnvironment(inherited, knownSettings()), ...values };
  if (keep) {
    const stop = async (): Promise<void> => {
      const state = readState(home);
      if (state) await stopPlatform(state);
    };
    await startDetached(home, { program: keptPlatformProgram, args: [home], environment: own });
    return stop;
  }
  const { settings, environment } = await resolveSettings([{ name: 'the demo', values: own }]);
  const platform = await preparePlatform({ home, settings, environment });
  const stop = (): Promise<void> => platform.stop();
  signal.addEventListener('abort', () => void stop(), { once: true });
  await platform.start();
  return stop;
}
