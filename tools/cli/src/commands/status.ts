import {
  askProcess,
  askReadiness,
  isRunning,
  opsTokenOf,
  platformReadiness,
  readState,
  whatIsMissing,
  type PlatformState,
  type ProcessReadiness,
  type ProcessState,
  type Readiness,
} from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { homeOption } from '../connection/home-option.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import type { Output } from '../terminal/output.js';
import { placeOf } from '../terminal/places.js';
import { count, duration } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';
import { commandLines, harmless, wrap } from '../terminal/text-width.js';

/** A process as the supervisor knows it, and as it answers for itself; null while it does not answer, or has no port for it. */
interface AskedProcess extends ProcessState {
  readiness: ProcessReadiness | null;
}

/** Says whether the platform of a home runs and how its processes are. */
export async function status({ output, environment }: CommandContext, options: { home?: string }): Promise<ExitCode> {
  const { home } = settingsSources(options, environment);
  const state = readState(home);
  if (!state || !(await isRunning(state.supervisor))) {
    output.result({ status: 'down', home, processes: [] }, () => downLines(home, homeOption(home, environment), output));
    return exitCodes.failed;
  }
  const [said, processes] = await Promise.all([askReadiness(state.urls.api), askProcesses(state)]);
  const own = processes.filter(({ ops }) => ops !== null).map(({ name, readiness }) => [name, readiness] as const);
  const health = platformReadiness(said, Object.fromEntries(own));
  output.result({ ...state, processes, ready: health.ready, services: health.services }, () =>
    linesOf({ ...state, processes }, health, output),
  );
  return health.ready ? exitCodes.ok : exitCodes.failed;
}

/** Each of them itself, and not only the gateway over NATS: a service can be down, or well, while NATS is not there. */
function askProcesses({ home, processes }: PlatformState): Promise<AskedProcess[]> {
  const token = opsTokenOf(home);
  return Promise.all(
    processes.map(async (process) => ({
      ...process,
      readiness: process.ops === null ? null : await askProcess(process.ops, token),
    })),
  );
}

function downLines(home: string, option: string | null, { columns }: Output): string[] {
  const words = `Kintsugi is not running in ${placeOf(home)}.`;
  if (option === null) return wrap(`${words} ./kintsugi up starts it.`, columns);
  return [
    ...wrap(`${words} Start it with:`, columns),
    ...commandLines('./kintsugi up', option, columns - 2).map((line) => `  ${line}`),
  ];
}

function linesOf(
  state: Omit<PlatformState, 'processes'> & { processes: AskedProcess[] },
  health: Readiness,
  output: Output,
): string[] {
  const { paint, columns } = output;
  const now = Date.now();
  const word = health.ready
    ? paint.bold(paint.green('Ready'))
    : paint.bold(paint.yellow(state.status === 'ready' ? 'Not ready' : state.status));
  return [
    `${word}, up for ${duration(now - Date.parse(state.started_at))}, supervisor pid ${state.supervisor.pid}`,
    ...(health.ready ? [] : wrap(whatIsMissing(health), columns - 2).map((line) => `  ${line}`)),
    '',
    `  API      ${paint.bold(state.urls.api)}`,
    ...wrap(`NATS     ${state.urls.nats}`, columns - 2).map((line) => `  ${line}`),
    ...wrap(`MongoDB  ${state.urls.mongo}`, columns - 2).map((line) => `  ${line}`),
    ...wrap(`Data     ${placeOf(state.home)}`, columns - 2).map((line) => `  ${line}`),
    '',
    ...table(
      [
        { title: 'PROCESS' },
        { title: 'READY', shrinks: true },
        { title: 'PID', align: 'right' },
        { title: 'UP FOR', align: 'right' },
        { title: 'RESTARTS', align: 'right' },
        { title: 'LAST END', shrinks: true },
      ],
      state.processes.map((process) => rowOf(process, now)),
      { columns: output.rowColumns, paintTitle: paint.dim },
    ),
  ];
}

function rowOf(asked: AskedProcess, now: number): string[] {
  const { name, process, started_at, restarts, last_exit } = asked;
  return [
    name,
    harmless(readyWord(asked)),
    process ? String(process.pid) : 'down',
    started_at ? duration(now - Date.parse(started_at)) : '-',
    count(restarts),
    harmless(last_exit ?? ''),
  ];
}

/** Whether a process says that it can do its work, and what it misses where it cannot. */
function readyWord({ process, ops, readiness }: AskedProcess): string {
  if (ops === null || process === null) return '-';
  if (readiness === null) return 'no answer';
  if (readiness.ready) return 'yes';
  const missing = Object.entries(readiness.checks).filter(([, state]) => state !== 'ok');
  return `no: ${missing.map(([check, state]) => (check === 'service' ? state : check)).join(', ')}`;
}
