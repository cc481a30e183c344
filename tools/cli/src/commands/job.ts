import type { Client } from '@kintsugi/client';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Interruption } from '../interruption.js';
import { allOf } from '../all-of.js';
import { jobLines } from '../jobs/job-lines.js';
import { stepLines } from '../jobs/step-lines.js';
import { watchJob } from '../jobs/watch-job.js';
import type { Output } from '../terminal/output.js';

/** Shows a job, and follows it to its end if asked, or the steps of one of its tasks. */
export async function job(
  context: CommandContext,
  id: string,
  options: ConnectionOptions & { watch?: boolean; task?: string },
): Promise<ExitCode> {
  const client = await connect(context, options);
  if (options.task !== undefined) return showSteps(client, id, options.task, context.output);
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

async function showSteps(client: Client, id: string, taskId: string, output: Output): Promise<ExitCode> {
  const steps = await allOf((query) => client.listSteps(id, { task_id: taskId, ...query }));
  output.result({ job_id: id, task_id: taskId, steps }, () => stepLines(taskId, steps, output));
  return exitCodes.ok;
}
