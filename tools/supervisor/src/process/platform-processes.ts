import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { createMongoServer, createNatsServer } from '@kintsugi/servers';
import { natsPayloadBytes } from '../domain/nats-payload-bytes.js';
import { instanceName, type PlatformPlace } from '../domain/instance-name.js';
import {
  builtInWorkerName,
  bundleOf,
  gatewayName,
  mongodName,
  natsServerName,
  planCompanions,
  planWorkers,
  poolAgentName,
  serviceNames,
  type ProcessRole,
} from '../domain/process-roles.js';
import type { PlatformUrls } from '../domain/platform-state.js';
import { reachableHost } from '../domain/reachable-host.js';
import type { ServerCredentials } from '../keys/server-credentials.js';
import type { PlatformSettings } from '../settings/platform-settings.js';
import { repository } from '../repository.js';
import { PlatformStartError } from '../start-error.js';
import { NodeProgram } from './node-program.js';
import type { Runnable } from './runnable.js';
import { isChosen } from '../settings/is-chosen.js';

/** Services end in order within ten seconds or end anyway; this is for one that does neither. */
const serviceStopTimeoutMs = 12_000;
/** A worker that has waited for its tasks still has to report them. */
const lateMs = 4_000;

/**
 * A collection that is shared with threads waits for the last of them, and under load these get no core: a service collects by itself,
 * and leaves to threads only what it need not wait for. The gateway needs their help: it has too much garbage in a flood.
 */
const collectsAlone = ['scavenge', 'marking', 'compaction', 'pointer-update'].map((part) => `--no-parallel-${part}`);

/**
 * The gateway passes uploads on and keeps nothing: with a small young generation what it has passed on is given back
 * at once, for the same processor time. A service that idles has the one megabyte that V8 begins with collected every few seconds.
 */
export const flagsOf: Partial<Record<ProcessRole, string[]>> = {
  gateway: ['--max-semi-space-size=8', '--max-old-space-size=512'],
  service: ['--min-semi-space-size=4', ...collectsAlone],
};

/** It keeps little: what commands write passes through it, and is given back at once. */
const builtInFlags = ['--max-semi-space-size=2', '--max-old-space-size=256', ...collectsAlone];

export interface ProcessInputs {
  home: string;
  settings: PlatformSettings;
  urls: PlatformUrls;
  natsMonitor: { port: number; path: string };
  /** What the servers that are started ask of whoever comes; null while they take everybody. */
  credentials: ServerCredentials | null;
  /** Of each service and the gateway, by name. */
  opsPorts: Record<string, number>;
  /** What those ask of whoever reads metrics; null where they ask nothing, or what the user has chosen. */
  opsToken: string | null;
  /** The file with what sessions of the console are sealed with; null where there are none, or where the user has chosen it. */
  sessionSecretFile: string | null;
  /** The key by which services sign the audit; null where the user has given them one. */
  auditKeyFile: string | null;
  /** What every process gets. */
  environment: Record<string, string>;
  /** What single processes get beside, by name. */
  environmentOf: Record<string, Record<string, string>>;
}

export interface PlannedProcess {
  role: ProcessRole;
  runnable: Runnable;
  logFile: string;
  /** Where it answers for itself. */
  opsUrl: string | null;
}

/** Every process of the platform, in the order they are started; none runs yet. */
export function planProcesses(inputs: ProcessInputs): PlannedProcess[] {
  const { settings } = inputs;
  const apps = appsOf(inputs.environment).map((name) => ({ name, program: bundleOf(name) }));
  const builtIn = settings.BUILT_IN_WORKER === 'on' ? [{ name: builtInWorkerName, program: 'apps/worker/dist/main.js' }] : [];
  const workers = [...builtIn, ...planWorkers(settings.WORKER_PROGRAM, settings.WORKERS)];
  const companions = planCompanions(settings.COMPANION_PROGRAM);
  refuseMissingPrograms([...apps, ...workers, ...companions].map(({ program }) => program));
  return [
    ...(settings.NATS_URL ? [] : [natsServer(inputs)]),
    ...(settings.MONGO_URL ? [] : [mongod(inputs)]),
    ...apps.map(({ name, program }) => nodeProcess(name === gatewayName ? 'gateway' : 'service', name, program, inputs)),
    ...companions.map(({ name, program }) => nodeProcess('companion', name, program, inputs)),
    ...workers.map(({ name, program }) => nodeProcess('worker', name, program, inputs)),
  ];
}

/** Services and the gateway. The agent of the pools costs as much as another service, and can do nothing before it is told what it may clone. */
export function appsOf(environment: Record<string, string>): string[] {
  return [...serviceNames, ...(environment['POOL_ALLOWED_URLS'] ? [poolAgentName] : []), gatewayName];
}

function refuseMissingPrograms(programs: string[]): void {
  const missing = [...new Set(programs)].filter((program) => !existsSync(resolve(repository, program)));
  if (missing.length === 0) return;
  const list = missing.map((program) => `${program} is missing.`).join('\n');
  throw new PlatformStartError(
    'settings',
    list,
    'Build the product with ./kintsugi setup, or correct WORKER_PROGRAM or COMPANION_PROGRAM.',
  );
}

function natsServer({ home, settings, natsMonitor, credentials, environment }: ProcessInputs): PlannedProcess {
  const logFile = logFileOf(home, natsServerName);
  const folder = natsFolderOf(home);
  return {
    role: 'server',
    logFile,
    opsUrl: null,
    runnable: createNatsServer({
      ...{ port: settings.NATS_PORT, monitorPort: natsMonitor.port, monitorPath: natsMonitor.path, folder, logFile },
      ...(credentials && { login: credentials.nats }),
      payloadBytesMax: natsPayloadBytes(environment),
    }),
  };
}

function mongod({ home, settings, credentials }: ProcessInputs): PlannedProcess {
  const logFile = logFileOf(home, mongodName);
  const folder = join(home, 'data', 'mongo');
  return {
    role: 'server',
    logFile,
    opsUrl: null,
    runnable: createMongoServer({
      ...{ port: settings.MONGO_PORT, folder, logFile },
      ...(credentials && { access: credentials.mongo }),
    }),
  };
}

function nodeProcess(role: ProcessRole, name: string, program: string, inputs: ProcessInputs): PlannedProcess {
  const { home, settings, urls, environment, environmentOf, opsPorts, opsToken, sessionSecretFile, auditKeyFile } = inputs;
  const opsPort = opsPorts[name];
  const logFile = logFileOf(home, name);
  const told = {
    NATS_URL: urls.nats,
    MONGO_URL: urls.mongo,
    API_HOST: settings.API_HOST,
    API_PORT: String(settings.API_PORT),
    AUTH: settings.AUTH,
    ...(isChosen(environment, 'INSTANCE_ID') ? {} : { INSTANCE_ID: instanceName(name, placeOf(home)) }),
    KINTSUGI_LEASHED: '1',
    NODE_COMPILE_CACHE: join(repository, '.cache', 'compiled'),
    ...(role === 'worker' ? { WORKER_NAME: name } : {}),
    ...(name === builtInWorkerName ? { KINTSUGI_HOME: home } : {}),
    ...(name === poolAgentName ? { POOL_FOLDER: environment['POOL_FOLDER'] || join(home, 'pools') } : {}),
    ...(name === gatewayName && sessionSecretFile !== null ? { SESSION_SECRET_FILE: sessionSecretFile } : {}),
    ...(role === 'service' && auditKeyFile !== null ? { AUDIT_SIGNING_KEY_FILE: auditKeyFile } : {}),
    ...(opsPort === undefined ? {} : { OPS_PORT: String(opsPort) }),
    ...(opsPort === undefined || opsToken === null ? {} : { OPS_TOKEN: opsToken }),
  };
  const whole: Record<string, string> = { ...environment, ...told, ...environmentOf[name] };
  return {
    role,
    logFile,
    opsUrl: opsPort === undefined ? null : opsUrlOf(whole),
    runnable: new NodeProgram({
      name,
      program: resolve(repository, program),
      flags: (name === builtInWorkerName ? builtInFlags : flagsOf[role]) ?? [],
      folder: repository,
      logFile,
      environment: whole,
      stopTimeoutMs:
        role === 'worker' ? (Number(whole['WORKER_DRAIN_MS']) || settings.WORKER_DRAIN_MS) + lateMs : serviceStopTimeoutMs,
    }),
  };
}

function opsUrlOf(environment: Record<string, string>): string {
  return `http://${reachableHost(environment['OPS_HOST'] || '127.0.0.1')}:${environment['OPS_PORT']}`;
}

function placeOf(home: string): PlatformPlace {
  return { hostName: hostname(), home, digest: (text) => hash('sha256', text) };
}

function natsFolderOf(home: string): string {
  return join(home, 'data', 'nats');
}

/** Where nats-server keeps the streams of its default account. */
export function natsStreamFolderOf(home: string): string {
  return join(natsFolderOf(home), 'jetstream', 'jetstream', '$G', 'streams');
}

export function logFileOf(home: string, name: string): string {
  return join(home, 'logs', `${name}.log`);
}
