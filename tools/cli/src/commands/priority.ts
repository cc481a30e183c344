import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { wrap } from '../terminal/text-width.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

/** Gives a job that has something to run another priority. */
export async function priority(
  context: CommandContext,
  id: string,
  wanted: number,
  options: ConnectionOptions,
): Promise<ExitCode> {
  const job = await (await connect(context, options)).setJobPriority(id, wanted);
  context.output.result(job, () =>
    wrap(`${job.id} has the priority ${job.priority}: its next tasks stand among others by it.`, context.output.columns),
  );
  return exitCodes.ok;
}
