import { withoutGaps, type ActionInput, type ErrorGroup, type RecoveryStatus } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { periodOf, type PeriodOptions } from '../period-options.js';
import { fullPage } from '../errors/full-page.js';
import { watchErrors } from '../errors/watch-errors.js';
import { groupLines, recordListLines } from '../errors/error-lines.js';

const progressEveryMs = 1_000;

export interface ErrorsOptions extends ConnectionOptions, PeriodOptions {
  groups?: boolean;
  group?: string;
  search?: string;
  type?: string;
  jobType?: string;
  label?: string;
  tenant?: string;
  job?: string;
  status?: RecoveryStatus;
  limit: number;
  cursor?: string;
  watch?: boolean;
}

/** Shows what failed: groups, or the records of one. */
export async function errors(context: CommandContext, options: ErrorsOptions): Promise<ExitCode> {
  const { output } = context;
  const search = searchOf(options);
  if (options.cursor !== undefined && search === null) {
    throw new Failure('USAGE', 'A cursor goes on in a list of records, and no group is named, nor anything to look for.', {
      advice: 'Give with it what was given for the page before. See ./kintsugi errors --help',
    });
  }
  if (options.watch && (options.groups || options.cursor !== undefined || options.to !== undefined)) {
    throw new Failure('USAGE', '--watch shows records as they come in, and goes with neither --groups, --cursor nor --to.', {
      advice: 'See ./kintsugi errors --help',
    });
  }
  const client = await connect(context, options);
  const { job: job_id, status: recovery_status, limit, cursor } = options;
  const filter = withoutGaps({ job_id, recovery_status });
  if (options.watch) {
    await watchErrors(client, { ...search, ...filter }, output);
    return exitCodes.ok;
  }
  if (search === null || options.groups) {
    const list: { items: ErrorGroup[] } = await client.listErrorGroups({ ...filter, limit });
    output.result(list, () => groupLines(list.items, output));
  } else {
    const page = await fullPage(client, { ...filter, ...search, ...withoutGaps({ cursor }), limit }, progressOn(output));
    output.result(page, () => recordListLines(page, output));
  }
  return exitCodes.ok;
}

/** Says of a search that takes a while how far it is, once a second. */
function progressOn(output: CommandContext['output']): (lookedUntil: string) => void {
  let saidAt = performance.now();
  return (lookedUntil) => {
    if (output.json || performance.now() - saidAt < progressEveryMs) return;
    saidAt = performance.now();
    output.say(output.paint.dim(`Looked back to ${lookedUntil}.`));
  };
}

/** What records are asked for; null where only groups are. */
function searchOf(options: ErrorsOptions): ActionInput<'listErrors'> | null {
  const { group, search, type, jobType, label, tenant } = options;
  const period = periodOf(options);
  const given = withoutGaps({
    ...{ group_id: group, text: search, error_type: type, job_type: jobType, label, tenant },
    ...{ from: options.from && period?.start, to: options.to && period?.end },
  });
  return Object.keys(given).length === 0 ? null : given;
}
