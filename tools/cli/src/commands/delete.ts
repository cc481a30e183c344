import type { Client } from '@kintsugi/client';
import type { ActionInput, JobDeletions } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { historyFiltersOf, type HistoryFilterOptions } from '../jobs/history-filters.js';
import { isTyped } from '../terminal/ask.js';
import { count, plural } from '../terminal/quantities.js';
import { wrap } from '../terminal/text-width.js';

interface DeleteOptions extends ConnectionOptions, HistoryFilterOptions {
  /** Whether a job that has not ended is cancelled and deleted. */
  force?: boolean;
  /** Whether the jobs that the filters fit are only counted. */
  dryRun?: boolean;
  /** Whether they are deleted without asking. */
  yes?: boolean;
}

type Filter = ActionInput<'deleteJobs'>['filter'];

/** Deletes a job with all that is kept of it, or all that filters fit. */
export async function deleteJobs(context: CommandContext, id: string | undefined, options: DeleteOptions): Promise<ExitCode> {
  const filter = historyFiltersOf(options) as Filter;
  if ((id === undefined) === (Object.keys(filter).length === 0)) {
    throw new Failure('USAGE', 'Name either a job or filters, such as --type or --to.', {
      advice: 'See ./kintsugi delete --help',
    });
  }
  const client = await connect(context, options);
  return id === undefined ? deleteAll(context, client, filter, options) : deleteOne(context, client, id, options.force ?? false);
}

async function deleteOne({ output }: CommandContext, client: Client, id: string, force: boolean): Promise<ExitCode> {
  const deletion = await client.deleteJob(id, { force });
  output.result(deletion, () =>
    wrap(
      deletion.status === 'deleted'
        ? `${id} is deleted, with its tasks, history and error records.`
        : `${id} is being deleted: what is left of it goes once nothing of it runs any more, also after a restart.`,
      output.columns,
    ),
  );
  return exitCodes.ok;
}

async function deleteAll(context: CommandContext, client: Client, filter: Filter, options: DeleteOptions): Promise<ExitCode> {
  const { output } = context;
  const { dryRun = false, yes = false } = options;
  const preview = await client.deleteJobs({ filter, dry_run: true });
  const total = preview.total ?? 0;
  if (
    !dryRun &&
    !yes &&
    total > 0 &&
    !(await isTyped(total, `${plural(total, 'job')} that have ended will be deleted for good.`, output))
  ) {
    throw new Failure('USAGE', `${plural(total, 'job')} would be deleted. Nothing was.`, {
      advice: 'Type the number when you are asked, or give --yes.',
    });
  }
  if (dryRun || total === 0) {
    output.result(preview, () => [total === 0 ? 'No job that has ended fits.' : `${plural(total, 'job')} would be deleted.`]);
    return exitCodes.ok;
  }
  const deleting = await deleteBatches(context, client, filter, total);
  output.result({ total, deleting }, () =>
    wrap(`${plural(deleting, 'job')} are deleted, with their tasks, history and error records.`, output.columns),
  );
  return exitCodes.ok;
}

async function deleteBatches({ output }: CommandContext, client: Client, filter: Filter, total: number): Promise<number> {
  let deleting = 0;
  let cursor: string | null = null;
  do {
    const batch: JobDeletions = await client.deleteJobs({ filter, ...(cursor === null ? {} : { cursor }) });
    deleting += batch.deleting;
    cursor = batch.next_cursor;
    if (cursor !== null) output.say(output.paint.dim(`${count(deleting)} of ${count(total)} …`));
  } while (cursor !== null);
  return deleting;
}
