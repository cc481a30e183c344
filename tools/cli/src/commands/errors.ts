import type { ErrorGroup, ErrorRecord, RecoveryStatus } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { groupLines, recordLines, recordListLines } from '../errors/error-lines.js';

export interface ErrorsOptions extends ConnectionOptions {
  groups?: boolean;
  group?: string;
  job?: string;
  status?: RecoveryStatus;
  limit: number;
  cursor?: string;
}

/** Shows what failed: groups, the records of one, or one record whole. */
export async function errors(context: CommandContext, record: string | undefined, options: ErrorsOptions): Promise<ExitCode> {
  const { output } = context;
  if (options.cursor !== undefined && options.group === undefined) {
    throw new Failure('USAGE', 'A cursor goes on in the records of a group, and no group is named.', {
      advice: 'Give --group with it, as on the page before. See ./kintsugi errors --help',
    });
  }
  const client = await connect(context, options);
  if (record !== undefined) {
    const found: ErrorRecord = await client.getError(record);
    output.result(found, () => recordLines(found, output));
    return exitCodes.ok;
  }
  const filter = {
    ...(options.job === undefined ? {} : { job_id: options.job }),
    ...(options.status === undefined ? {} : { recovery_status: options.status }),
    limit: options.limit,
  };
  if (options.group === undefined || options.groups) {
    const list: { items: ErrorGroup[] } = await client.listErrorGroups(filter);
    output.result(list, () => groupLines(list.items, output));
  } else {
    const cursor = options.cursor === undefined ? {} : { cursor: options.cursor };
    const page = await client.listErrors({ ...filter, ...cursor, group_id: options.group });
    output.result(page, () => recordListLines(page, output));
  }
  return exitCodes.ok;
}
