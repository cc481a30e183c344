import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

/** Cancels a job. */
export async function cancel(context: CommandContext, id: string, options: ConnectionOptions): Promise<ExitCode> {
  const job = await (await connect(context, options)).cancelJob(id);
  context.output.result(job, () => [
    job.status === 'cancelled' ? `${job.id} is cancelled.` : `${job.id} is ${job.status}: what runs has been asked to stop.`,
  ]);
  return exitCodes.ok;
}
