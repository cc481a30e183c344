import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { wrap } from '../terminal/text-width.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

/** Runs a failed job again. */
export async function retry(context: CommandContext, id: string, options: ConnectionOptions): Promise<ExitCode> {
  const receipt = await (await connect(context, options)).retryJob(id);
  const { job_id, original_job_id, retry_count } = receipt;
  const words =
    job_id === original_job_id
      ? `The producer of ${job_id} was asked to run it again (${retry_count}).`
      : `${job_id} is retry ${retry_count} of ${original_job_id}. Follow it: ./kintsugi job ${job_id} --watch`;
  context.output.result(receipt, () => wrap(words, context.output.columns));
  return exitCodes.ok;
}
