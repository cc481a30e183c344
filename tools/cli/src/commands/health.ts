import type { PlatformHealth } from '@kintsugi/client';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { count } from '../terminal/quantities.js';
import type { Output } from '../terminal/output.js';
import { table } from '../terminal/table.js';
import { harmless, joinParts, wrap } from '../terminal/text-width.js';

/** Says how the platform is. */
export async function health(context: CommandContext, options: ConnectionOptions): Promise<ExitCode> {
  const found = await (await connect(context, options)).health();
  context.output.result(found, () => linesOf(found, context.output));
  return found.overall === 'failing' ? exitCodes.failed : exitCodes.ok;
}

function linesOf(
  { overall, reasons, jobs, workers, logs, pools, lag, host, processes }: PlatformHealth,
  output: Output,
): string[] {
  const { paint, columns } = output;
  const color = { ok: paint.green, degraded: paint.yellow, failing: paint.red }[overall];
  const free = `${count(host.free_memory_mib)} of ${count(host.memory_mib)} MiB free`;
  return [
    paint.bold(color(overall)),
    ...reasons.flatMap(({ reason, advice }) => wrap(harmless(`${reason} ${advice}`), columns - 2).map((line) => `  ${line}`)),
    '',
    ...(jobs ? jobLines(jobs, columns) : ['  Jobs     cannot be counted now']),
    `  Workers  ${workers === null ? 'not known' : count(workers)}`,
    `  Logs     ${logs === null ? 'not known' : `${count(logs.kept)} of jobs, ${logs.stored_mib} MiB on disk`}`,
    ...(pools === null ? [] : [`  Pools    ${slotWords(pools)}`]),
    `  Waiting  ${lagOf(lag)}`,
    `  Host     ${harmless(host.name)}, load ${host.load_1m} on ${host.cores} cores, ${free}`,
    '',
    ...table(
      [
        { title: 'PROCESS' },
        { title: 'INSTANCE', shrinks: true },
        { title: 'VERSION' },
        { title: 'READY' },
        { title: 'CPU', align: 'right' },
        { title: 'MEMORY', align: 'right' },
      ],
      processes.map((process) => [
        harmless(process.service),
        harmless(process.instance),
        harmless(process.version ?? '-'),
        process.ready ? 'yes' : 'no',
        process.cpu_percent === null ? '-' : `${process.cpu_percent} %`,
        process.memory_mib === null ? '-' : `${count(process.memory_mib)} MiB`,
      ]),
      { columns: output.rowColumns, paintTitle: paint.dim },
    ),
  ];
}

function slotWords({ slots }: NonNullable<PlatformHealth['pools']>): string {
  const there = Object.entries(slots).filter(([, number]) => number > 0);
  return there.length === 0 ? 'no slots' : `slots: ${there.map(([state, number]) => `${count(number)} ${state}`).join(', ')}`;
}

function lagOf({ waiting_messages: messages, oldest_ready_task_s: seconds }: PlatformHealth['lag']): string {
  const ofTask = seconds === null ? '' : `, the oldest task that could run for ${count(seconds)} s`;
  return `${messages === null ? 'not known' : `${count(messages)} messages`}${ofTask}`;
}

function jobLines(jobs: NonNullable<PlatformHealth['jobs']>, columns: number): string[] {
  const upTo = (number: number): string => `${count(number)}${number >= jobs.counted_to ? ' or more' : ''}`;
  const states = Object.entries(jobs.by_status).filter(([, number]) => number > 0);
  const parts = states.map(([status, number]) => `${upTo(number)} ${status}`);
  const hour = `In the last hour: ${upTo(jobs.completed_last_hour)} completed, ${upTo(jobs.failed_last_hour)} failed`;
  return [...joinParts(parts.length > 0 ? parts : ['none under way'], columns - 11), hour].map(
    (line, index) => `  ${index === 0 ? 'Jobs     ' : '         '}${line}`,
  );
}
