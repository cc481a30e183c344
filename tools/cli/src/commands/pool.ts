import type { Client } from '@kintsugi/client';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { poolActions } from '../pool-commands.js';
import {
  anomalyLines,
  awayLines,
  exitCodeOf,
  forgottenLines,
  lockLines,
  poolLines,
  poolsTable,
  recoveryLines,
  reportLines,
  slotLines,
} from '../pools/pool-lines.js';

export interface PoolOptions extends ConnectionOptions {
  repository?: string;
  size?: number;
  host?: string;
  branch?: string;
  shallow?: number;
  partial?: string;
  submodules?: boolean;
  mirror?: boolean;
  owner?: string;
  purpose?: string;
  ref?: string;
  lease?: number;
  token?: number;
  force?: boolean;
  reason?: string;
  hours?: number;
  strategy?: 'conservative' | 'aggressive' | 'maintenance';
  depth?: 'quick' | 'connectivity' | 'full';
  pause?: number;
  dryRun?: boolean;
}

type PoolAction = (typeof poolActions)[number];
type Pools = Client['pools'];

/** Those that are about all pools where no name is given. */
const forAll: readonly PoolAction[] = ['list', 'anomalies', 'auto-recover', 'locks', 'clean-locks'];

/** Makes, uses, watches and repairs pools. */
export async function pool(
  context: CommandContext,
  action: PoolAction,
  name: string | undefined,
  options: PoolOptions,
): Promise<ExitCode> {
  if (name === undefined && !forAll.includes(action)) {
    throw new Failure('USAGE', `Which one? Give its name after "${action}".`, { advice: 'See ./kintsugi pool --help' });
  }
  const { pools } = await connect(context, options);
  return (await watch(context, pools, action, name, options)) ?? (await use(context, pools, action, name as string, options));
}

/** What is asked of all pools, or of one. */
async function watch(
  { output }: CommandContext,
  pools: Pools,
  action: PoolAction,
  name: string | undefined,
  options: PoolOptions,
): Promise<ExitCode | null> {
  const one = { ...(name === undefined ? {} : { pool: name }), ...hostOf(options) };
  const { hours, depth, strategy, force, pause, dryRun = false } = options;
  const looking = depth === undefined ? {} : { depth };
  const since = <Field extends string>(field: Field) =>
    hours === undefined ? {} : ({ [field]: hours } as Record<Field, number>);
  if (action === 'list') {
    const list = await pools.listPools(hostOf(options));
    output.result(list, () => poolsTable(list, output));
    return exitCodeOf(list);
  } else if (action === 'anomalies') {
    const found = await pools.detectAnomalies({
      ...one,
      ...looking,
      ...since('max_allocation_hours'),
      ...since('stale_lock_hours'),
    });
    output.result(found, () => anomalyLines(found, output));
    return Object.values(found).every((list) => list.length === 0) ? exitCodes.ok : exitCodes.failed;
  } else if (action === 'auto-recover') {
    const rules = {
      ...(strategy ? { strategy } : {}),
      ...(force ? { force_release_long_allocated: true } : {}),
      ...(pause === undefined ? {} : { pause_s: pause }),
      dry_run: dryRun,
    };
    const report = await pools.autoRecover({ ...one, ...looking, ...since('max_allocation_hours'), ...rules });
    output.result(report, () => reportLines(report, dryRun));
    return report.errors.length === 0 ? exitCodes.ok : exitCodes.failed;
  } else if (action === 'locks') {
    const locks = await pools.detectStaleLocks({ ...one, ...since('max_age_hours') });
    output.result(locks, () => lockLines(locks));
    return exitCodeOf(locks);
  } else if (action === 'clean-locks') {
    const cleaned = await pools.cleanupStaleLocks({ ...one, ...since('max_age_hours'), dry_run: dryRun });
    output.result(cleaned, () => [
      `${cleaned.count} ${dryRun ? 'locks would be removed' : 'locks removed'}.`,
      ...awayLines(cleaned),
    ]);
    return exitCodeOf(cleaned);
  }
  return null;
}

async function use(
  { output }: CommandContext,
  pools: Pools,
  action: PoolAction,
  name: string,
  options: PoolOptions,
): Promise<ExitCode> {
  const { force = false, dryRun: dry_run = false, reason } = options;
  const wouldBe = dry_run ? 'would be' : 'is';
  if (action === 'show' || action === 'create') {
    const shown = action === 'show' ? await pools.getPool(name, hostOf(options)) : await pools.createPool(poolOf(name, options));
    output.result(shown, () => poolLines(shown, output));
  } else if (action === 'delete') {
    const gone = await pools.deletePool(name, { force, dry_run, ...hostOf(options) });
    output.result(gone, () => [`${gone.name} ${wouldBe} gone, with ${gone.slots} slots.`]);
  } else if (action === 'forget-host') {
    const gone = await pools.forgetPoolHost(name, { dry_run });
    output.result(gone, () => forgottenLines(gone));
  } else if (action === 'remove-slot') {
    const gone = await pools.removeSlot(name, { force, dry_run });
    output.result(gone, () => [`${gone.slot_id} ${wouldBe} gone.`]);
  } else if (action === 'recover') {
    const recovery = await pools.recoverSlot(name, { force, dry_run });
    output.result(recovery, () => recoveryLines(recovery, output));
    return recovery.success || dry_run ? exitCodes.ok : exitCodes.failed;
  } else if (action === 'unlock') {
    const { unlocked, slot_id } = await pools.forceUnlock(name, { dry_run });
    output.result({ slot_id, unlocked }, () => [unlocked ? `${slot_id} ${wouldBe} unlocked.` : `${slot_id} has no lock.`]);
  } else if (action === 'allocate') {
    const slot = await pools.allocate(wishOf(name, options));
    output.result(slot, () => [...slotLines(slot, output), `  token ${slot.token}`]);
  } else if (action === 'isolate') {
    const slot = await pools.isolateSlot(name, { ...(reason === undefined ? {} : { reason }), dry_run });
    output.result(slot, () => slotLines(slot, output));
  } else {
    const slot = await givenBack(pools, action, name, options);
    output.result(slot, () => slotLines(slot, output));
  }
  return exitCodes.ok;
}

function givenBack(pools: Pools, action: PoolAction, name: string, options: PoolOptions) {
  const { token, force = false, dryRun = false } = options;
  if (action === 'add-slot') return pools.addSlot(name, hostOf(options));
  if (action === 'release') return pools.release(name, { ...(token === undefined ? {} : { token }), force, dry_run: dryRun });
  return pools.heartbeatSlot(name, needed(token, '--token', 'what allocate gave'));
}

function poolOf(
  name: string,
  { repository, size, host, branch, shallow, partial, submodules, mirror }: PoolOptions,
): Parameters<Pools['createPool']>[0] {
  return {
    ...{ name, repository_url: needed(repository, '--repository', 'the URL of what is cloned') },
    ...(size === undefined ? {} : { size }),
    ...hostOf({ host }),
    ...(branch === undefined ? {} : { branch }),
    ...(shallow === undefined ? {} : { shallow }),
    ...(partial === undefined ? {} : { partial }),
    ...(submodules ? { submodules } : {}),
    ...(mirror === false ? { reference_mirror: false } : {}),
  };
}

function hostOf({ host }: { host?: string | undefined }): { host?: string } {
  return host === undefined ? {} : { host };
}

function wishOf(name: string, { owner, purpose, ref, lease, host }: PoolOptions): Parameters<Pools['allocate']>[0] {
  return {
    ...{ pool: name, owner: needed(owner, '--owner', 'who works in it') },
    ...(purpose === undefined ? {} : { purpose }),
    ...(ref === undefined ? {} : { ref }),
    ...hostOf({ host }),
    ...(lease === undefined ? {} : { lease_s: lease }),
  };
}

function needed<Value>(value: Value | undefined, option: string, what: string): Value {
  if (value !== undefined) return value;
  throw new Failure('USAGE', `${option} is missing: ${what}.`, { advice: 'See ./kintsugi pool --help' });
}
