import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serviceActor } from '@kintsugi/contracts';
import { accessSettings, opsSettings } from '@kintsugi/hosting/shared-settings';
import { MissingBinaryError, freePort, leashFolder, releaseFolder } from '@kintsugi/servers';
import { migrateDatabases, withApiKeys, type DatabasePlace } from './databases/databases.js';
import type { PlatformState, PlatformUrls } from './domain/platform-state.js';
import { reachableHost } from './domain/reachable-host.js';
import { auditKeyPemOf, prepareAuditKey } from './keys/audit-key.js';
import { prepareKeys } from './keys/home-keys.js';
import { prepareCredentials, writeCredentials, type ServerCredentials } from './keys/server-credentials.js';
import { keepSessionSecret } from './keys/session-secret.js';
import type { PlatformOptions } from './platform-options.js';
import { Platform } from './platform.js';
import { planMonitoring } from './monitoring/plan-monitoring.js';
import { checkPorts } from './process/check-ports.js';
import { diskReason } from './process/disk-reason.js';
import { HomeLockedError, lockHome } from './process/home-lock.js';
import { sweepLeftOvers } from './process/left-overs.js';
import { appsOf, natsStreamFolderOf, planProcesses } from './process/platform-processes.js';
import { isRunning } from './process/process-identity.js';
import { HomeFileError, readState, removeState } from './process/state-file.js';
import { PlatformStartError } from './start-error.js';
import { isChosen } from './settings/is-chosen.js';
import { portsOf, resolveSettings, type PlatformSettings } from './settings/platform-settings.js';
import { settingsOf } from './settings/settings-of.js';

const readyTimeoutMs = 60_000;

/**
 * Starts every process of the platform and resolves when its gateway is ready. Rejects with the reason, and leaves
 * nothing running, when it can't. Whatever happens to this process, its children end with it.
 */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const platform = await preparePlatform(options);
  await platform.start();
  return platform;
}

/**
 * Makes a home ready and checks all that can be checked before a start: left-overs are swept, ports and programs are
 * there. The caller starts what is returned, and can stop it at any time.
 */
export async function preparePlatform(options: PlatformOptions = {}): Promise<Platform> {
  const startedAt = Date.now();
  const { onServers } = options;
  const place = await openHome(options.home);
  try {
    const settings = await completeSettings(options.settings);
    const swept = await sweepHome(place.home);
    if (swept.length > 0) options.onEvent?.({ kind: 'swept', names: swept });
    await checkPorts(settings);
    const credentials = settings.AUTH === 'on' ? prepareCredentials(place.home) : null;
    const urls = urlsOf(settings, credentials);
    const environment = withoutAbsent(options.environment ?? process.env);
    const opsToken = opsTokenOfHome(environment, credentials);
    keepCredentials(place.home, settings, urls, credentials, opsToken);
    const natsMonitor = { port: await freePort(), path: `/${randomUUID()}` };
    const opsPorts = await opsPortsBeside(settings, appsOf(environment));
    const planned = planProcesses({
      home: place.home,
      settings,
      urls,
      natsMonitor,
      credentials,
      opsPorts,
      opsToken,
      sessionSecretFile: settings.AUTH === 'on' ? sessionSecretFileOfHome(place.home, environment) : null,
      auditKeyFile: prepareAuditKey(place.home, environment),
      environment,
      environmentOf: options.environmentOf ?? {},
    });
    const watchers =
      settings.MONITORING === 'on'
        ? await planMonitoring({
            ...{ home: place.home, settings, urls, environment },
            opsToken: opsToken ?? settingsOf({ OPS_TOKEN: opsSettings.OPS_TOKEN }, environment).OPS_TOKEN ?? null,
            onFetch: () => options.onEvent?.({ kind: 'fetching', what: 'Prometheus and Alertmanager' }),
          })
        : [];
    return new Platform({
      home: place.home,
      settings,
      urls,
      nats: { monitorPort: natsMonitor.port, monitorPath: natsMonitor.path, streamFolder: natsStreamFolderOf(place.home) },
      planned: [...planned, ...watchers],
      startedAt,
      restart: options.restart ?? true,
      onEvent: options.onEvent ?? (() => undefined),
      readyTimeoutMs: options.readyTimeoutMs ?? readyTimeoutMs,
      servers: onServers && ((signal) => onServers({ mongoUrl: urls.mongo, environment, signal })),
      migrate: (signal) => migrateDatabases({ mongoUrl: urls.mongo, environment, signal }),
      prepareKeys: settings.AUTH === 'on' ? keyPreparation(place.home, settings, { mongoUrl: urls.mongo, environment }) : null,
      close: place.close,
    });
  } catch (error) {
    place.close();
    if (!(error instanceof MissingBinaryError)) throw unwritable(place.home, error);
    throw new PlatformStartError('unavailable', error.message, './kintsugi doctor shows what is there and what is missing.');
  }
}

/** Ends what a dead supervisor left in a home. A state that can't be read names nothing; what it named has ended with its supervisor. */
async function sweepHome(home: string): Promise<string[]> {
  const left = stateLeft(home);
  // The lock is ours, but somebody may have removed it under a supervisor that lives: its platform is not left over.
  if (left && (await isRunning(left.supervisor))) throw new HomeLockedError(home, left.supervisor);
  const swept = left ? await sweepLeftOvers(left) : [];
  removeState(home);
  return swept;
}

function stateLeft(home: string): PlatformState | null {
  try {
    return readState(home);
  } catch (error) {
    if (error instanceof HomeFileError) return null;
    throw error;
  }
}

/** A fault of the file system as a reason not to start; anything else as it is. */
function unwritable(home: string, error: unknown): unknown {
  if (typeof (error as NodeJS.ErrnoException).code !== 'string' || !(error as NodeJS.ErrnoException).syscall) return error;
  const advice = 'Make room or give this user the right to write there, or choose another folder with --home or KINTSUGI_HOME.';
  return new PlatformStartError('unavailable', `${home} cannot be used: ${diskReason(error)}.`, advice);
}

/** Makes the first keys of a home, once its database runs. */
function keyPreparation(
  home: string,
  { MONITORING }: PlatformSettings,
  place: Omit<DatabasePlace, 'signal'>,
): (signal: AbortSignal) => Promise<string | null> {
  const { FIRST_ADMIN_KEY: firstAdminKey } = settingsOf(accessSettings, place.environment);
  const by = { actor: serviceActor('up'), instance: `up ${process.pid}`, pem: auditKeyPemOf(home, place.environment) };
  const given = { firstAdminKey, isWatched: MONITORING === 'on' };
  return (signal) => withApiKeys({ ...place, signal }, by, (keys) => prepareKeys(home, keys, given));
}

interface Home {
  home: string;
  /** Gives the home back; a temporary one is removed. */
  close: () => void;
}

async function openHome(given: string | undefined): Promise<Home> {
  const home = given === undefined ? mkdtempSync(join(tmpdir(), 'kintsugi-')) : resolve(given);
  if (given === undefined) leashFolder(home);
  try {
    for (const folder of ['run', 'logs', 'data']) mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new PlatformStartError(
      'settings',
      `${home} cannot hold the data (${code}).`,
      'Choose another folder with --home or KINTSUGI_HOME.',
    );
  }
  const unlock = await lockHome(home).catch((error: unknown) => {
    throw unwritable(home, error);
  });
  const close = (): void => {
    unlock();
    if (given !== undefined) return;
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
    releaseFolder(home);
  };
  return { home, close };
}

/** Ports that nobody chose are free ones, so that any number of platforms run side by side. */
async function completeSettings(given: Partial<PlatformSettings> = {}): Promise<PlatformSettings> {
  const { settings } = resolveSettings([]);
  const [API_PORT, NATS_PORT, MONGO_PORT] = [await freePort(), await freePort(), await freePort()];
  return { ...settings, API_PORT, NATS_PORT, MONGO_PORT, BUILT_IN_WORKER: 'off', ...given };
}

/** One that the user has chosen for the ops ports stays. */
function opsTokenOfHome(environment: Record<string, string>, credentials: ServerCredentials | null): string | null {
  return credentials && !isChosen(environment, 'OPS_TOKEN') ? credentials.ops.token : null;
}

/** One that the user has chosen for sessions stays. */
function sessionSecretFileOfHome(home: string, environment: Record<string, string>): string | null {
  return isChosen(environment, 'SESSION_SECRET') ? null : keepSessionSecret(home);
}

/** A free port for each process that answers for itself: none of another, nor one that a server is about to open. */
async function opsPortsBeside(settings: PlatformSettings, apps: string[]): Promise<Record<string, number>> {
  const taken = new Set(portsOf(settings).map(({ port }) => port));
  const ports: Record<string, number> = {};
  for (const name of apps) {
    let port = await freePort();
    while (taken.has(port)) port = await freePort();
    taken.add(port);
    ports[name] = port;
  }
  return ports;
}

/** What the programs beside the platform find in the home: nothing while its servers take everybody, or are not its own. */
function keepCredentials(
  home: string,
  { NATS_URL, MONGO_URL }: PlatformSettings,
  urls: PlatformUrls,
  credentials: ServerCredentials | null,
  opsToken: string | null,
): void {
  writeCredentials(
    home,
    credentials && {
      nats_url: NATS_URL ? null : urls.nats,
      mongo_url: MONGO_URL ? null : urls.mongo,
      mongo_key: credentials.mongo.key,
      ops_token: opsToken,
    },
  );
}

function urlsOf(settings: PlatformSettings, credentials: ServerCredentials | null): PlatformUrls {
  return {
    api: `http://${reachableHost(settings.API_HOST)}:${settings.API_PORT}`,
    nats: settings.NATS_URL ?? `nats://${loginOf(credentials?.nats)}127.0.0.1:${settings.NATS_PORT}`,
    mongo:
      settings.MONGO_URL ??
      `mongodb://${loginOf(credentials?.mongo)}127.0.0.1:${settings.MONGO_PORT}/?directConnection=true${credentials ? '&authSource=admin' : ''}`,
    ...(settings.MONITORING === 'on' && {
      prometheus: `http://127.0.0.1:${settings.PROMETHEUS_PORT}`,
      alertmanager: `http://127.0.0.1:${settings.ALERTMANAGER_PORT}`,
    }),
  };
}

function loginOf(login: { user: string; password: string } | undefined): string {
  return login ? `${login.user}:${login.password}@` : '';
}

function withoutAbsent(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
