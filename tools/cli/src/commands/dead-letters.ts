import type { Client } from '@kintsugi/client';
import { ProblemError, type DeadLetterPage, type DeadLetterService, type ReplayedDeadLetter } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { deadLetterLines, deadLettersTable, replayLines } from '../dead-letters/dead-letter-lines.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { ask } from '../terminal/ask.js';
import { plural } from '../terminal/quantities.js';
import { withoutGaps } from '../without-gaps.js';

export interface DeadLettersOptions extends ConnectionOptions {
  service?: DeadLetterService;
  reason?: string;
  limit: number;
  cursor?: string;
  all?: boolean;
  yes?: boolean;
}

type DeadLetterAction = 'list' | 'show' | 'replay' | 'discard';

const advice = 'See ./kintsugi dead-letters --help';
const pageMax = 200;

/** Lists what services and webhooks could not take, shows it, has it handled once more, or removes it. */
export async function deadLetters(
  context: CommandContext,
  action: DeadLetterAction,
  ids: string[],
  options: DeadLettersOptions,
): Promise<ExitCode> {
  requireNames(action, ids, options);
  const client = await connect(context, options);
  switch (action) {
    case 'list': {
      const { service, reason, limit, cursor } = options;
      const page: DeadLetterPage = await client.listDeadLetters(withoutGaps({ service, reason, limit, cursor }));
      context.output.result(page, () => deadLettersTable(page, context.output));
      return exitCodes.ok;
    }
    case 'show': {
      const letter = await client.getDeadLetter(ids[0] as string);
      context.output.result(letter, () => deadLetterLines(letter, context.output));
      return exitCodes.ok;
    }
    case 'replay':
      return replay(context, client, options.all ? await allOf(client, options) : ids);
    case 'discard':
      return discard(context, client, options.all ? await allOf(client, options) : ids, options.yes ?? false);
  }
}

function requireNames(action: DeadLetterAction, ids: readonly string[], { all = false }: DeadLettersOptions): void {
  if (action === 'list') return;
  if (action === 'show' && ids.length === 1) return;
  if (action !== 'show' && ids.length > 0 !== all) return;
  const what = action === 'show' ? 'Name one' : 'Name some, or give --all';
  throw new Failure('USAGE', `Which dead letter? ${what} after "${action}".`, { advice });
}

/** What there is when it begins: what is given up meanwhile is not among them. */
async function allOf(client: Client, { service, reason }: DeadLettersOptions): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: DeadLetterPage = await client.listDeadLetters(
      withoutGaps({ service, reason, limit: pageMax, cursor: cursor ?? undefined }),
    );
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
}

async function replay({ output }: CommandContext, client: Client, ids: readonly string[]): Promise<ExitCode> {
  const items: ReplayedDeadLetter[] = [];
  for (const id of ids) items.push(await replayOne(client, id, ids.length > 1));
  const failed = items.filter(({ outcome }) => outcome === 'failed').length;
  output.result({ replayed: items.length - failed, failed, items }, () => replayLines(items, output));
  return failed === 0 ? exitCodes.ok : exitCodes.failed;
}

/** One of many that is no longer there, or can never be replayed, keeps none of the others back. */
async function replayOne(client: Client, id: string, isOneOfMany: boolean): Promise<ReplayedDeadLetter> {
  try {
    return await client.replayDeadLetter(id);
  } catch (error) {
    if (!isOneOfMany || !(error instanceof ProblemError) || error.toProblem().retryable) throw error;
    return { id, outcome: 'failed', repeated: false, reason: error.code, detail: error.message };
  }
}

async function discard({ output }: CommandContext, client: Client, ids: readonly string[], yes: boolean): Promise<ExitCode> {
  const total = ids.length;
  if (total > 0 && !yes && !(await isConfirmed(total, output.json))) {
    throw new Failure('USAGE', `${plural(total, 'dead letter')} would be removed for good. Nothing was.`, {
      advice: 'Type the number when you are asked, or give --yes.',
    });
  }
  for (const id of ids) await client.discardDeadLetter(id);
  output.result({ discarded: total, ids }, () => [`${plural(total, 'dead letter')} removed.`]);
  return exitCodes.ok;
}

/** Whoever removes many types how many. */
async function isConfirmed(total: number, isJson: boolean): Promise<boolean> {
  if (isJson) return false;
  return (await ask(`${plural(total, 'dead letter')} will be removed for good. Type ${total} to go on: `)) === String(total);
}
