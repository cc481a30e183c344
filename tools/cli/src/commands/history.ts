import type { FetchJobHistory, JobHistoryPage, JobStatus } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { historyLines } from '../jobs/history-lines.js';

export interface HistoryOptions extends ConnectionOptions {
  status?: JobStatus[];
  type?: string;
  product?: string;
  group?: string;
  user?: string;
  tenant?: string;
  label?: string;
  text?: string;
  errorType?: string[];
  from?: string;
  to?: string;
  minMs?: number;
  maxMs?: number;
  page: number;
  limit: number;
  cursor?: string;
  oldestFirst?: boolean;
  sums?: boolean;
}

/** Searches the history of jobs, and sums it up. */
export async function history(context: CommandContext, options: HistoryOptions): Promise<ExitCode> {
  const sums = options.sums ?? false;
  const page: JobHistoryPage = await (
    await connect(context, options)
  ).fetchJobHistory({
    filters: filtersOf(options),
    pagination: {
      per_page: options.limit,
      ...(options.cursor === undefined ? { page: options.page } : { cursor: options.cursor }),
    },
    sort: { field: 'created_at', order: options.oldestFirst ? 'asc' : 'desc' },
    aggregations: { success_rate: sums, avg_duration: sums, error_rate: sums, histogram: sums },
  });
  context.output.result(page, () => historyLines(page, context.output));
  return exitCodes.ok;
}

function filtersOf(options: HistoryOptions): FetchJobHistory['filters'] {
  const { status, type, product, group, user, tenant, label, text, errorType, from, to, minMs, maxMs } = options;
  const given = {
    status,
    type,
    product_id: product,
    sending_group_id: group,
    user_id: user,
    tenant,
    label,
    text,
    error_types: errorType,
    date_range:
      from === undefined && to === undefined
        ? undefined
        : { start: timeOf(from, '--from', 0), end: timeOf(to, '--to', Date.now() + aDay) },
    duration_ms: minMs === undefined && maxMs === undefined ? undefined : { min: minMs, max: maxMs },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const aDay = 86_400_000;

/** A time, or how long ago: `2026-11-01`, `2026-11-01T12:00Z`, `24h`. */
function timeOf(text: string | undefined, option: string, absent: number): string {
  if (text === undefined) return new Date(absent).toISOString();
  const ago = /^(\d{1,6})([mhd])$/.exec(text);
  const unitMs = { m: 60_000, h: 3_600_000, d: aDay }[ago?.[2] ?? ''] ?? 0;
  const time = ago ? Date.now() - Number(ago[1]) * unitMs : Date.parse(text);
  if (Number.isNaN(time)) {
    throw new Failure('USAGE', `${option} is ${text}, which is no time.`, {
      advice: 'Give a time such as 2026-11-01 or 2026-11-01T12:00Z, or how long ago: 30m, 24h, 7d.',
    });
  }
  return new Date(time).toISOString();
}
