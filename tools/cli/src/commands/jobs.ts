import type { BatchJob, JobStatus } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { settledTasks, progressOf } from '../jobs/job-progress.js';
import { paintStatus } from '../jobs/job-status-paint.js';
import { waitingWordsOfList } from '../jobs/waiting-words.js';
import type { Output } from '../terminal/output.js';
import { ago, count, percent } from '../terminal/quantities.js';
import { moreLines } from '../terminal/more-line.js';
import { table } from '../terminal/table.js';
import { harmless, wrap } from '../terminal/text-width.js';

/** Of a job that cannot end as things stand. */
const wedgedMark = ' (wedged)';

export interface JobsOptions extends ConnectionOptions {
  status?: JobStatus[];
  type?: string;
  product?: string;
  group?: string;
  label?: string;
  limit: number;
  cursor?: string;
}

/** Lists jobs, newest first. */
export async function jobs(context: CommandContext, options: JobsOptions): Promise<ExitCode> {
  const { status, type, product, group, label, limit, cursor } = options;
  const page = await (
    await connect(context, options)
  ).listJobs({
    ...(status ? { status } : {}),
    ...(type === undefined ? {} : { type }),
    ...(product === undefined ? {} : { product_id: product }),
    ...(group === undefined ? {} : { sending_group_id: group }),
    ...(label === undefined ? {} : { label }),
    ...(cursor === undefined ? {} : { cursor }),
    limit,
  });
  context.output.result(page, () => linesOf(page.items, page.next_cursor, context.output));
  return exitCodes.ok;
}

function linesOf(items: BatchJob[], nextCursor: string | null, output: Output): string[] {
  const { paint, columns, rowColumns } = output;
  if (items.length === 0) return ['No jobs. ./kintsugi submit --help shows how to submit one.'];
  const now = Date.now();
  const lines = table(
    [
      { title: 'ID' },
      { title: 'STATUS', paint: (padded, text) => (text.endsWith(wedgedMark) ? paint.red : paintStatus(text, paint))(padded) },
      { title: 'TASKS', align: 'right' },
      { title: 'DONE', align: 'right' },
      { title: 'AGE', align: 'right' },
      { title: 'TYPE', shrinks: true, columnsMin: 4 },
    ],
    items.map((job) => rowOf(job, now)),
    { columns: rowColumns, paintTitle: paint.dim },
  );
  const waiting = waitingWordsOfList(items).flatMap((words) => wrap(words, columns));
  return [...lines, ...waiting.map((line) => paint.yellow(line)), ...moreLines(nextCursor, paint)];
}

function rowOf(job: BatchJob, now: number): string[] {
  const total = job.total_tasks;
  return [
    job.id,
    job.wedged ? `${job.status}${wedgedMark}` : job.status,
    total === null ? '-' : count(total),
    total ? percent(settledTasks(progressOf(job)) / total) : '-',
    ago(job.created_at, now).replace(' ago', ''),
    harmless(job.type),
  ];
}
