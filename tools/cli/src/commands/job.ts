import type { Client } from '@kintsugi/client';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Interruption } from '../interruption.js';
import { jobLines } from '../jobs/job-lines.js';
import { watchJob } from '../jobs/watch-job.js';
import type { Output } from '../terminal/output.js';

/** Shows a job, and follows it to its end if asked. */
export async function job(
  context: CommandContext,
  id: string,
  options: ConnectionOptions & { watch?: boolean },
): Promise<ExitCode> {
  const client = await connect(context, options);
  return options.watch ? watchToEnd(client, id, context.output) : showJob(client, id, context.output);
}

/** Follows a job and then shows it; the exit code tells how it ended. Ctrl-C ends the following, never the job. */
export async function watchToEnd(client: Client, id: string, output: Output): Promise<ExitCode> {
  const interruption = new Interruption();
  try {
    await watchJob(client, id, output, { signal: interruption.signal });
  } catch (error) {
    if (!interruption.happened) throw error;
    output.say('', 'The job goes on. Watch it again with:', `  ./kintsugi job ${id} --watch`);
    if (output.json) output.result(await client.getJob(id), () => []);
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
  await showJob(client, id, output);
  return (await client.getJob(id)).status === 'completed' ? exitCodes.ok : exitCodes.failed;
}

async function showJob(client: Client, id: string, output: Output): Promise<ExitCode> {
  const [info, groups] = await Promise.all([
    client.getJobInfo(id, { include_metrics: true }),
    client.listErrorGroups({ job_id: id }),
  ]);
  output.result(info, () => jobLines(info, groups.items, output));
  return exitCodes.ok;
}
