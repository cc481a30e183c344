import type { FetchJobHistory, JobHistoryPage } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { historyFiltersOf, type HistoryFilterOptions } from '../jobs/history-filters.js';
import { historyLines } from '../jobs/history-lines.js';

export interface HistoryOptions extends ConnectionOptions, HistoryFilterOptions {
  page: number;
  limit: number;
  cursor?: string;
  oldestFirst?: boolean;
  sums?: boolean;
  by?: FetchJobHistory['aggregations']['group_by'];
}

/** Searches the history of jobs, and sums it up. */
export async function history(context: CommandContext, options: HistoryOptions): Promise<ExitCode> {
  const { by } = options;
  const sums = options.sums ?? by !== undefined;
  const page: JobHistoryPage = await (
    await connect(context, options)
  ).fetchJobHistory({
    filters: historyFiltersOf(options),
    pagination: {
      per_page: options.limit,
      ...(options.cursor === undefined ? { page: options.page } : { cursor: options.cursor }),
    },
    sort: { field: 'created_at', order: options.oldestFirst ? 'asc' : 'desc' },
    aggregations: { success_rate: sums, avg_duration: sums, error_rate: sums, histogram: sums, ...(by ? { group_by: by } : {}) },
  });
  context.output.result(page, () => historyLines(page, context.output, { by }));
  return exitCodes.ok;
}
