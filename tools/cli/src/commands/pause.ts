import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

interface PauseOptions extends ConnectionOptions {
  /** Whether what runs is handed back too. */
  stop?: boolean;
}

/** Holds a job until it is resumed. */
export async function pause(context: CommandContext, id: string, { stop = false, ...options }: PauseOptions): Promise<ExitCode> {
  const job = await (await connect(context, options)).pauseJob(id, { stop });
  const { active_tasks: active } = job.detailed_status;
  const running = active === 0 ? '' : stop ? ` ${active} that run are handed back.` : ` ${active} that run go on.`;
  context.output.result(job, () => [
    job.status === 'paused' ? `${job.id} is paused: none of its tasks is started.${running}` : `${job.id} is ${job.status}.`,
  ]);
  return exitCodes.ok;
}
