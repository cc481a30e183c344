import type { FetchJobHistory, JobHistoryPage, JobStatus } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { historyLines } from '../jobs/history-lines.js';
import { periodOf } from '../period-options.js';

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
  const { status, type, product, group, user, tenant, label, text, errorType, minMs, maxMs } = options;
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
    date_range: periodOf(options),
    duration_ms: minMs === undefined && maxMs === undefined ? undefined : { min: minMs, max: maxMs },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
