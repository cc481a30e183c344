import { withoutGaps, type ManualRecover } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { isRecoveryView, recoverCarefully, viewRecoveries, type GroupRecoveryOptions } from '../groups/group-recovery.js';
import type { KeyValue } from '../option-values.js';
import { count, plural } from '../terminal/quantities.js';
import { harmless, wrap } from '../terminal/text-width.js';

export interface RecoverOptions extends ConnectionOptions, GroupRecoveryOptions {
  param?: KeyValue[];
  job?: string;
  force?: boolean;
  ignoreConditions?: boolean;
  fromStep?: string;
}

type RecoveryOptions = ManualRecover['recovery_options'];
type CustomParams = NonNullable<RecoveryOptions['custom_params']>;

/** Runs the task of an error record again, or those of a whole group: all at once, or a few first; and shows what came of it. */
export async function recover(
  context: CommandContext,
  target: string | undefined,
  recovery: string | undefined,
  options: RecoverOptions,
): Promise<ExitCode> {
  const { output } = context;
  if (isRecoveryView(target)) return viewRecoveries(await connect(context, options), target, recovery, options, output);
  const carefully = options.group !== undefined || options.type !== undefined || options.label !== undefined;
  if (carefully === (target !== undefined)) {
    throw new Failure('USAGE', 'Either a RECORD or a GROUP is named, or --group, --type or --label says what is recovered.', {
      advice: 'See ./kintsugi recover --help',
    });
  }
  if (target === undefined) {
    return recoverCarefully(await connect(context, options), { ...options, recoveryOptions: recoveryOptionsOf(options) }, output);
  }
  const { error_record_id: record, group_id: group } = targetOf(target);
  if (options.when !== undefined) {
    // What waits is a recovery of its own, with no canary where none is asked for.
    const careful = { ...options, ...withoutGaps({ record, group }), canary: options.canary ?? 0 };
    return recoverCarefully(await connect(context, options), { ...careful, recoveryOptions: recoveryOptionsOf(options) }, output);
  }
  const ofGroups = [
    ...Object.entries({ '--canary': options.canary, '--min-success': options.minSuccess, '--rate': options.rate }),
    ...Object.entries({
      '--key': options.key,
      '--give-up-after': options.giveUpAfter,
      '--dry-run': options.dryRun,
      '--no-wait': options.wait === false || undefined,
    }),
  ].flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (ofGroups.length > 0) {
    throw new Failure('USAGE', `${ofGroups.join(' and ')} is for --group, --type or --label. Nothing was run.`, {
      advice: `A few first: ./kintsugi recover --group ${harmless(target)} ${ofGroups[0]} …`,
    });
  }
  const receipt = await (
    await connect(context, options)
  ).manualRecover({
    ...withoutGaps({ error_record_id: record, group_id: group }),
    ...(options.job === undefined ? {} : { job_id: options.job }),
    recovery_options: recoveryOptionsOf(options),
  });
  const { accepted, refused, refused_count } = receipt;
  output.result(receipt, () => [
    `${plural(accepted, 'task')} run again`,
    ...(refused_count > 0 ? [output.paint.yellow(`${count(refused_count)} refused:`)] : []),
    ...refused.flatMap(({ error_record_id, reason }) =>
      wrap(`${error_record_id}: ${harmless(reason)}`, output.columns - 2).map((line) => `  ${line}`),
    ),
    ...(refused_count > refused.length ? [`  and ${count(refused_count - refused.length)} more`] : []),
  ]);
  return refused_count === 0 && accepted > 0 ? exitCodes.ok : exitCodes.failed;
}

function recoveryOptionsOf({ force = false, ignoreConditions = false, param, fromStep }: RecoverOptions): RecoveryOptions {
  return {
    ...{ force, ignore_conditions: ignoreConditions },
    ...(param ? { custom_params: paramsOf(param) } : {}),
    ...(fromStep === undefined ? {} : { from_step: fromStep }),
  };
}

function targetOf(target: string): { error_record_id?: string; group_id?: string } {
  if (target.startsWith('err_')) return { error_record_id: target };
  if (target.startsWith('grp_')) return { group_id: target };
  throw new Failure('USAGE', `${harmless(target)} is neither an error record, err_..., nor a group, grp_....`, {
    advice: '`./kintsugi errors` shows both.',
  });
}

/** A value is what it reads as in JSON, or else text. */
function paramsOf(pairs: KeyValue[]): CustomParams {
  return Object.fromEntries(
    pairs.map(({ key, value }) => {
      try {
        return [key, JSON.parse(value) as CustomParams[string]];
      } catch {
        return [key, value];
      }
    }),
  );
}
