import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { recordLines } from '../errors/error-lines.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';

/** Shows the whole story of one failure: every step of the decision, every run that failed and all that was done. */
export async function error(context: CommandContext, id: string, options: ConnectionOptions): Promise<ExitCode> {
  const record = await (await connect(context, options)).getError(id);
  context.output.result(record, () => recordLines(record, context.output));
  return exitCodes.ok;
}
