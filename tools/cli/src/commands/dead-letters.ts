import type { Client } from '@kintsugi/client';
import { withoutGaps, type DeadLetterService, type ReplayedDeadLetter, type ServiceAway } from '@kintsugi/contracts';
import { allOf } from '../all-of.js';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { awayLines, deadLetterLines, deadLettersTable, discardLines, replayLines } from '../dead-letters/dead-letter-lines.js';
import { oneByOne } from '../dead-letters/one-by-one.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { isTyped } from '../terminal/ask.js';
import { plural } from '../terminal/quantities.js';

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
      const page = await client.listDeadLetters(withoutGaps({ service, reason, limit, cursor }));
      context.output.result(page, () => deadLettersTable(page, context.output));
      return exitCodes.ok;
    }
    case 'show': {
      const letter = await client.getDeadLetter(ids[0] as string);
      context.output.result(letter, () => deadLetterLines(letter, context.output));
      return exitCodes.ok;
    }
    case 'replay':
      return replay(context, client, await chosen(client, ids, options));
    case 'discard':
      return discard(context, client, await chosen(client, ids, options), options.yes ?? false);
  }
}

function requireNames(action: DeadLetterAction, ids: readonly string[], { all = false }: DeadLettersOptions): void {
  if (action === 'list') return;
  if (action === 'show' && ids.length === 1) return;
  if (action !== 'show' && ids.length > 0 !== all) return;
  const what = action === 'show' ? 'Name one' : 'Name some, or give --all';
  throw new Failure('USAGE', `Which dead letter? ${what} after "${action}".`, { advice });
}

interface Chosen {
  ids: readonly string[];
  /** Services whose letters would be among them, if they had answered. */
  away: readonly ServiceAway[];
}

/** With --all what there is when it begins: what is given up meanwhile is not among them. */
async function chosen(client: Client, named: readonly string[], { all, service, reason }: DeadLettersOptions): Promise<Chosen> {
  if (!all) return { ids: named, away: [] };
  const away = new Map<string, ServiceAway>();
  const letters = await allOf(async (query) => {
    const page = await client.listDeadLetters({ ...withoutGaps({ service, reason }), ...query });
    for (const one of page.away) away.set(one.service, one);
    return page;
  });
  return { ids: letters.map(({ id }) => id), away: [...away.values()] };
}

async function replay({ output }: CommandContext, client: Client, { ids, away }: Chosen): Promise<ExitCode> {
  const results = await oneByOne(ids, (id) => client.replayDeadLetter(id));
  const items = results.map((result): ReplayedDeadLetter => {
    if ('answer' in result) return result.answer;
    const { code: reason, message: detail } = result.failure;
    return { id: result.id, outcome: 'failed', repeated: false, reason, detail };
  });
  const failed = items.filter(({ outcome }) => outcome === 'failed').length;
  const told = { replayed: items.length - failed, failed, items, away };
  output.result(told, () => [...replayLines(items, output), ...awayLines(away, output)]);
  return failed === 0 && away.length === 0 ? exitCodes.ok : exitCodes.failed;
}

async function discard({ output }: CommandContext, client: Client, { ids, away }: Chosen, yes: boolean): Promise<ExitCode> {
  const total = ids.length;
  const question = `${plural(total, 'dead letter')} will be removed for good.`;
  if (total > 0 && !yes && !(await isTyped(total, question, output))) {
    throw new Failure('USAGE', `${plural(total, 'dead letter')} would be removed for good. Nothing was.`, {
      advice: 'Type the number when you are asked, or give --yes.',
    });
  }
  const results = await oneByOne(ids, (id) => client.discardDeadLetter(id));
  const removed = results.flatMap((result) => ('answer' in result ? [result.id] : []));
  const failures = results.flatMap((result) =>
    'failure' in result ? [{ id: result.id, reason: result.failure.code, detail: result.failure.message }] : [],
  );
  const told = { discarded: removed.length, failed: failures.length, ids: removed, failures, away };
  output.result(told, () => [...discardLines(removed, failures, output), ...awayLines(away, output)]);
  return failures.length === 0 && away.length === 0 ? exitCodes.ok : exitCodes.failed;
}
