import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { whyLines } from '../jobs/why-lines.js';

/** Says what a job waits for. */
export async function why(context: CommandContext, id: string, options: ConnectionOptions): Promise<ExitCode> {
  const explanation = await (await connect(context, options)).explainJob(id);
  context.output.result(explanation, () => whyLines(explanation, context.output));
  return exitCodes.ok;
}
