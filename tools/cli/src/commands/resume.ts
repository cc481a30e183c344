import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

/** Lets a paused job go on. */
export async function resume(context: CommandContext, id: string, options: ConnectionOptions): Promise<ExitCode> {
  const job = await (await connect(context, options)).resumeJob(id);
  context.output.result(job, () => [`${job.id} is ${job.status}.`]);
  return exitCodes.ok;
}
