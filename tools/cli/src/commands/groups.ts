import type { CommandContext } from '../command-context.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { tryLines } from '../groups/try-lines.js';

export type GroupsAction = 'try';

/** Groups messages of a file as errors are grouped. */
export async function groups({ output }: CommandContext, _action: GroupsAction, target: string): Promise<ExitCode> {
  await tryLines(target, output);
  return exitCodes.ok;
}
