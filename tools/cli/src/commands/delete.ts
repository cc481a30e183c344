import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { wrap } from '../terminal/text-width.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

interface DeleteOptions extends ConnectionOptions {
  /** Whether a job that has not ended is cancelled and deleted. */
  force?: boolean;
}

/** Deletes a job with all that is kept of it. */
export async function deleteJob(
  context: CommandContext,
  id: string,
  { force = false, ...options }: DeleteOptions,
): Promise<ExitCode> {
  const deletion = await (await connect(context, options)).deleteJob(id, { force });
  context.output.result(deletion, () =>
    wrap(
      deletion.status === 'deleted'
        ? `${id} is deleted, with its tasks, history and error records.`
        : `${id} is being deleted: what is left of it goes once nothing of it runs any more, also after a restart.`,
      context.output.columns,
    ),
  );
  return exitCodes.ok;
}
