import type { Client } from '@kintsugi/client';
import { withoutGaps, type ActionInput, type FailureGroup, type GroupSplit, type GroupState } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { groupDetailLines, groupListLines, groupMovedLines } from '../groups/group-lines.js';
import { tryLines } from '../groups/try-lines.js';

export interface GroupsOptions extends ConnectionOptions {
  state?: GroupState;
  type?: string;
  assignee?: string;
  note?: string;
  until?: string;
  count?: number;
  place?: number;
  value?: string[];
  record?: string[];
  limit: number;
  cursor?: string;
}

type GroupMove = 'ack' | 'resolve' | 'ignore' | 'reopen' | 'note';
type GroupsAction = 'list' | 'show' | 'merge' | 'split' | 'try' | GroupMove;

const stateOf: Record<Exclude<GroupMove, 'note'>, GroupState> = {
  ack: 'acknowledged',
  resolve: 'resolved',
  ignore: 'ignored',
  reopen: 'open',
};

/** Shows groups of failures, merges and splits them, says what people do about them, and groups the lines of files as errors are grouped. */
export async function groups(
  context: CommandContext,
  action: GroupsAction,
  target: string | undefined,
  into: string | undefined,
  options: GroupsOptions,
): Promise<ExitCode> {
  const { output } = context;
  if (action === 'list') {
    const { state, type, assignee, limit, cursor } = options;
    const client = await connect(context, options);
    const given = { state, error_type: type, assignee, cursor };
    const page = await client.listGroups({ limit, ...withoutGaps(given) });
    output.result(page, () => groupListLines(page, output));
    return exitCodes.ok;
  }
  if (target === undefined) throw misused(action === 'try' ? 'Which file? Name it, or give - for standard input' : 'Which group');
  if (action === 'try') {
    await tryLines(target, output);
    return exitCodes.ok;
  }
  if (action === 'merge' && into === undefined) throw misused('Into which group? Name it after the one that goes into it');
  const client = await connect(context, options);
  if (action === 'show') {
    const group = await client.getGroup(target);
    output.result(group, () => groupDetailLines(group, output));
  } else {
    const group = await (action === 'split'
      ? client.splitGroup({ group_id: target, by: splitBy(into, options) })
      : changed(client, action, target, into ?? '', options));
    output.result(group, () => groupMovedLines(group, output));
  }
  return exitCodes.ok;
}

function changed(
  client: Client,
  action: GroupMove | 'merge',
  id: string,
  into: string,
  { assignee, note, until, count }: GroupsOptions,
): Promise<FailureGroup> {
  if (action === 'merge') return client.mergeGroups({ group_ids: [id], into_group_id: into });
  const changes: Omit<ActionInput<'updateGroup'>, 'group_id'> = {
    ...(action === 'note' ? {} : { state: stateOf[action] }),
    // An empty text takes back what was there.
    ...(assignee === undefined ? {} : { assignee: assignee === '' ? null : assignee }),
    ...(note === undefined ? {} : { note: note === '' ? null : note }),
    ...withoutGaps({ ignored_until: until, ignored_for_count: count }),
  };
  return client.updateGroup({ group_id: id, ...changes });
}

/** What some leave a group by: exactly one way has to be given. */
export function splitBy(part: string | undefined, { place, value, type, record }: Partial<GroupsOptions>): GroupSplit {
  const ways: GroupSplit[] = [
    ...(part === undefined ? [] : [{ kind: 'part' as const, group_id: part }]),
    ...(place === undefined || value === undefined ? [] : [{ kind: 'value' as const, place, values: value }]),
    ...(type === undefined ? [] : [{ kind: 'type' as const, error_types: [type] }]),
    ...(record === undefined ? [] : [{ kind: 'records' as const, error_record_ids: record }]),
  ];
  const [way, ...others] = ways;
  const isHalf = (place === undefined) !== (value === undefined);
  if (!way || others.length > 0 || isHalf) {
    throw misused('Which ones leave it? Give --place with --value, --type, --record, or the group that was made part of it');
  }
  return way;
}

function misused(question: string): Failure {
  return new Failure('USAGE', `${question}.`, { advice: 'See ./kintsugi groups --help' });
}
