import {
  askReadiness,
  isRunning,
  readState,
  whatIsMissing,
  type PlatformState,
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

/** Says whether the platform of a home runs and how its processes are. */
export async function status({ output, environment }: CommandContext, options: { home?: string }): Promise<ExitCode> {
  const { home } = settingsSources(options, environment);
  const state = readState(home);
  if (!state || !(await isRunning(state.supervisor))) {
    output.result({ status: 'down', home, processes: [] }, () => downLines(home, homeOption(home, environment), output));
    return exitCodes.failed;
  }
  const health = await askReadiness(state.urls.api);
  output.result({ ...state, ready: health.ready, services: health.services }, () => linesOf(state, health, output));
  return health.ready ? exitCodes.ok : exitCodes.failed;
}

function downLines(home: string, option: string | null, { columns }: Output): string[] {
  const words = `Kintsugi is not running in ${placeOf(home)}.`;
  if (option === null) return wrap(`${words} ./kintsugi up starts it.`, columns);
  return [
    ...wrap(`${words} Start it with:`, columns),
    ...commandLines('./kintsugi up', option, columns - 2).map((line) => `  ${line}`),
  ];
}

function linesOf(state: PlatformState, health: Readiness, output: Output): string[] {
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

function rowOf({ name, process, started_at, restarts, last_exit }: ProcessState, now: number): string[] {
  return [
    name,
    process ? String(process.pid) : 'down',
    started_at ? duration(now - Date.parse(started_at)) : '-',
    count(restarts),
    harmless(last_exit ?? ''),
  ];
}
