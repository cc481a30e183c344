import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@kintsugi/client';
import { withoutGaps, type ActionInput, type GroupRecovery } from '@kintsugi/contracts';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { Interruption } from '../interruption.js';
import type { Output } from '../terminal/output.js';
import { recoveryConditionOf } from './when-words.js';
import { recoveryFrame, recoveryItemLines, recoveryLines, recoveryListLines, recoveryPlanLines } from './recovery-lines.js';

export interface GroupRecoveryOptions {
  group?: string;
  type?: string;
  label?: string;
  job?: string;
  /** One record alone. */
  record?: string;
  canary?: number;
  minSuccess?: number;
  rate?: number;
  key?: string;
  when?: string[];
  giveUpAfter?: number;
  dryRun?: boolean;
  /** False with --no-wait. */
  wait?: boolean;
  limit: number;
  cursor?: string;
}

const views = ['list', 'show', 'items', 'approve', 'cancel'] as const;

type RecoveryView = (typeof views)[number];

const lookEveryMs = 500;

export function isRecoveryView(target: string | undefined): target is RecoveryView {
  return (views as readonly (string | undefined)[]).includes(target);
}

/** Begins the recovery of a group, and shows how it goes until it has ended; an interruption leaves it under way. */
export async function recoverCarefully(
  client: Client,
  options: GroupRecoveryOptions & { recoveryOptions: NonNullable<ActionInput<'recoverGroup'>['recovery_options']> },
  output: Output,
): Promise<ExitCode> {
  const { dryRun = false, wait = true } = options;
  const { plan, recovery } = await client.recoverGroup({ ...requestOf(options), dry_run: dryRun });
  if (!recovery) {
    output.result(plan, () => recoveryPlanLines(plan, output));
    return exitCodes.ok;
  }
  if (!wait || recovery.state === 'waiting') {
    output.result(recovery, () => recoveryLines(recovery, output));
    return exitCodes.ok;
  }
  const ended = await followed(client, recovery, output);
  output.result(ended, () => recoveryLines(ended, output));
  return ended.state === 'completed' && ended.counts.failed === 0 ? exitCodes.ok : exitCodes.failed;
}

function requestOf(options: Parameters<typeof recoverCarefully>[1]): Omit<ActionInput<'recoverGroup'>, 'dry_run'> {
  const { group, type, label, job, record, canary, minSuccess, rate, key, when, giveUpAfter, recoveryOptions } = options;
  const filter = withoutGaps({ error_type: type, label, job_id: job, error_record_id: record });
  return {
    ...withoutGaps({ group_id: group, rate_per_second: rate, idempotency_key: key }),
    ...(Object.keys(filter).length > 0 ? { filter } : {}),
    ...(when ? { when: when.map(recoveryConditionOf) } : {}),
    ...withoutGaps({ give_up_after_seconds: giveUpAfter }),
    canary: withoutGaps({ size: canary, min_success: minSuccess }),
    recovery_options: recoveryOptions,
  };
}

/** The recovery as it ended, or as it was when somebody had enough of watching. */
async function followed(client: Client, begun: GroupRecovery, output: Output): Promise<GroupRecovery> {
  const interruption = new Interruption();
  const live = output.live();
  let recovery = begun;
  try {
    while (isGoingOn(recovery) && !interruption.happened) {
      live.show(recoveryFrame(recovery, output));
      await delay(lookEveryMs, undefined, { signal: interruption.signal }).catch(() => undefined);
      recovery = await client.getGroupRecovery(recovery.id);
    }
    return recovery;
  } finally {
    live.clear();
    live.end();
    interruption.release();
  }
}

/** What was ordered before it ended is watched to its end too. */
function isGoingOn({ state, counts }: GroupRecovery): boolean {
  return state === 'canary' || state === 'ramping' || counts.ordered + counts.chosen > 0;
}

/** Recoveries of groups, one of them, what it has done about each record, its approval, or its end. */
export async function viewRecoveries(
  client: Client,
  view: RecoveryView,
  id: string | undefined,
  { group, limit, cursor }: GroupRecoveryOptions,
  output: Output,
): Promise<ExitCode> {
  if (view === 'list') {
    const page = await client.listGroupRecoveries({ limit, ...withoutGaps({ group_id: group, cursor }) });
    output.result(page, () => recoveryListLines(page, output));
    return exitCodes.ok;
  }
  if (id === undefined) throw new Failure('USAGE', 'Which recovery?', { advice: '`./kintsugi recover list` shows them.' });
  if (view === 'items') {
    const page = await client.listRecoveryItems(id, { limit, ...withoutGaps({ cursor }) });
    output.result(page, () => recoveryItemLines(page, output));
    return exitCodes.ok;
  }
  const calls = { show: client.getGroupRecovery, approve: client.approveGroupRecovery, cancel: client.cancelGroupRecovery };
  const recovery = await calls[view](id);
  output.result(recovery, () => recoveryLines(recovery, output));
  return exitCodes.ok;
}
