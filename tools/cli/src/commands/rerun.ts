import type { ActionInput } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { rerunLines } from '../jobs/rerun-lines.js';
import type { KeyValue } from '../option-values.js';
import { rerunConditionOf } from '../policies/condition-words.js';

export interface RerunOptions extends ConnectionOptions {
  task?: string[];
  state?: string[];
  errorType?: string[];
  dataType?: string[];
  group?: string[];
  label?: string[];
  when?: string[];
  all?: boolean;
  /** False with --no-downstream. */
  downstream?: boolean;
  upstream?: boolean;
  set?: KeyValue[];
  latest?: boolean;
  unchanged?: boolean;
  run?: boolean;
  dryRun?: boolean;
}

/** Shows what a rerun of a part of a job would run again, and runs it where that is asked for. */
export async function rerun(context: CommandContext, id: string, options: RerunOptions): Promise<ExitCode> {
  const { run = false, dryRun = false } = options;
  const plan = await (await connect(context, options)).rerunPartial(id, { ...selectionOf(options), dry_run: dryRun || !run });
  context.output.result(plan, () => rerunLines(plan, context.output));
  return plan.refused.total > 0 ? exitCodes.failed : exitCodes.ok;
}

function selectionOf(options: RerunOptions): Omit<ActionInput<'rerunPartial'>, 'job_id'> {
  const { task, state, errorType, dataType, group, label, when, all = false, downstream = true, upstream = false, set } = options;
  return {
    ...(task ? { task_ids: task } : {}),
    ...(state ? { states: state as NonNullable<ActionInput<'rerunPartial'>['states']> } : {}),
    ...(errorType ? { error_types: errorType } : {}),
    ...(dataType ? { data_types: dataType } : {}),
    ...(group ? { group_ids: group } : {}),
    ...(label ? { labels: label } : {}),
    ...(when ? { conditions: when.map(rerunConditionOf) } : {}),
    ...(set ? { parameters: Object.fromEntries(set.map(({ key, value }) => [key, valueOf(value)])) } : {}),
    only_failed: !all,
    include_downstream: downstream,
    include_upstream: upstream,
    ...(options.latest ? { definition: 'latest' } : {}),
    ...(options.unchanged ? { reuse: 'unchanged' } : {}),
  };
}

/** A value of JSON where it is one, else the text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
