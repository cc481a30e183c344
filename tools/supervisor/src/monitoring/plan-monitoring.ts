import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serverFiles, usualOptions } from '@kintsugi/monitoring-mixin';
import { ServerProcess, cacheFolder } from '@kintsugi/servers';
import type { PlatformUrls } from '../domain/platform-state.js';
import { alertmanagerName, prometheusName } from '../domain/process-roles.js';
import { monitoringKeyFileOf, opsTokenFileOf } from '../keys/key-places.js';
import { logFileOf, type PlannedProcess } from '../process/platform-processes.js';
import { writePrivateFile } from '../process/state-file.js';
import { repository } from '../repository.js';
import type { PlatformSettings } from '../settings/platform-settings.js';
import { PlatformStartError } from '../start-error.js';
import { alertmanagerAnywhere } from './alertmanager-anywhere.js';

const kept = '15d';
/** Of one machine, looks are cheap. */
const lookSeconds = 5;
const readyTimeoutMs = 30_000;
const probeTimeoutMs = 1_000;
/** A fetch that takes longer is told of. */
const quietMs = 500;

/** What the set-up finds or fetches: it is no project, and is loaded where it is wanted. */
interface SetUp {
  provideMonitoringPrograms: (place: {
    cache: string;
    environment: Record<string, string>;
  }) => Promise<Record<'prometheus' | 'alertmanager', string>>;
}

export interface MonitoringInputs {
  home: string;
  settings: PlatformSettings;
  urls: PlatformUrls;
  /** What ops ports ask of whoever reads metrics; null where they ask nothing. */
  opsToken: string | null;
  environment: Record<string, string>;
  onFetch: () => void;
}

/** Prometheus and Alertmanager that watch this platform, with the rules and routes of the mixin; none runs yet. */
export async function planMonitoring(inputs: MonitoringInputs): Promise<PlannedProcess[]> {
  const { home, settings, opsToken } = inputs;
  const programs = await programsFor(inputs);
  const folder = join(home, 'data', 'monitoring');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (opsToken !== null) writePrivateFile(opsTokenFileOf(home), `${opsToken}\n`);
  const files = filesOf(inputs);
  const writing = (wanted: (name: string) => boolean) => (): void => {
    for (const [name, text] of files) if (wanted(name)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  };
  const isOfAlertmanager = (name: string): boolean => name === 'alertmanager.yml';
  const alertmanager = alertmanagerAnywhere(programs.alertmanager, folder);
  return [
    watcher(home, {
      name: prometheusName,
      program: programs.prometheus,
      port: settings.PROMETHEUS_PORT,
      folder,
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'prometheus')}`,
        `--storage.tsdb.retention.time=${kept}`,
      ],
      prepare: writing((name) => !isOfAlertmanager(name)),
    }),
    watcher(home, {
      name: alertmanagerName,
      program: alertmanager.program,
      port: settings.ALERTMANAGER_PORT,
      folder: alertmanager.folder,
      args: [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        '--cluster.listen-address=',
      ],
      prepare: writing(isOfAlertmanager),
    }),
  ];
}

async function programsFor({ environment, onFetch }: MonitoringInputs): Promise<{ prometheus: string; alertmanager: string }> {
  const timer = setTimeout(onFetch, quietMs);
  try {
    const setUp = (await import(join(repository, 'tools/setup/fetch/monitoring-programs.mjs'))) as SetUp;
    return await setUp.provideMonitoringPrograms({ cache: cacheFolder(), environment });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformStartError(
      'unavailable',
      `Prometheus and Alertmanager can't be had: ${reason}`,
      'Install both so that they are on PATH, or start without --monitoring.',
    );
  } finally {
    clearTimeout(timer);
  }
}

function filesOf({ home, settings, urls, opsToken }: MonitoringInputs): Map<string, string> {
  return serverFiles({
    ...usualOptions,
    api: urls.api,
    alertmanager: `127.0.0.1:${settings.ALERTMANAGER_PORT}`,
    credentials: {
      ...(settings.AUTH === 'on' ? { key: monitoringKeyFileOf(home) } : {}),
      ...(opsToken === null ? {} : { opsToken: opsTokenFileOf(home) }),
    },
    tellsPlatform: true,
    everySeconds: lookSeconds,
    groupWaitSeconds: lookSeconds,
  });
}

interface Watcher {
  name: string;
  program: string;
  port: number;
  folder: string;
  args: string[];
  prepare: () => void;
}

/** The platform works without it, and so it is stopped with what is no part of that. */
function watcher(home: string, { name, program, port, folder, args, prepare }: Watcher): PlannedProcess {
  const url = `http://127.0.0.1:${port}`;
  const logFile = logFileOf(home, name);
  const probe = (): Promise<void> => requireOk(`${url}/-/ready`);
  return {
    role: 'companion',
    logFile,
    opsUrl: null,
    runnable: new ServerProcess({
      ...{ name, url, port, folder, logFile, readyTimeoutMs, prepare, probe },
      binary: { path: program, env: {}, source: 'monitoring' },
      args: [...args, `--web.listen-address=127.0.0.1:${port}`],
      ping: () => requireOk(`${url}/-/healthy`),
    }),
  };
}

async function requireOk(url: string): Promise<void> {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(probeTimeoutMs) });
  if (!ok) throw new Error(`${url} answers ${status}`);
}
