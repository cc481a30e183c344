import type { ActionInput } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { harmless } from '../terminal/text-width.js';

type Update = Omit<ActionInput<'updateBatchJob'>, 'job_id'>;

interface UpdateOptions extends ConnectionOptions {
  status?: NonNullable<Update['status']>;
  phase?: string;
  progress?: number;
  active?: number;
  errors?: number;
  errorCode?: string;
  errorMessage?: string;
  errorStack?: string;
  expectedVersion?: number;
}

/** Reports how far an external job is. */
export async function update(context: CommandContext, id: string, options: UpdateOptions): Promise<ExitCode> {
  const wanted = updateOf(options);
  const job = await (await connect(context, options)).updateBatchJob(id, wanted);
  const { current_phase: phase, progress_percentage: progress } = job.detailed_status;
  const version = job.version === undefined ? '' : `, version ${job.version}`;
  context.output.result(job, () => [`${job.id} is ${job.status}: ${harmless(phase)}, ${progress} %${version}.`]);
  return exitCodes.ok;
}

function updateOf(options: UpdateOptions): Update {
  const {
    status,
    phase,
    progress,
    active,
    errors,
    errorCode: code,
    errorMessage: message,
    errorStack: stack,
    expectedVersion,
  } = options;
  const isError = [code, message, stack].some((part) => part !== undefined);
  if (isError && (code === undefined || message === undefined)) {
    throw new Failure('USAGE', 'An error needs both --error-code and --error-message.', {
      advice: 'See ./kintsugi update --help',
    });
  }
  const told = {
    ...(phase === undefined ? {} : { current_phase: phase }),
    ...(progress === undefined ? {} : { progress_percentage: progress }),
    ...(active === undefined ? {} : { active_tasks: active }),
    ...(errors === undefined ? {} : { error_count: errors }),
  };
  return {
    ...(status === undefined ? {} : { status }),
    ...(Object.keys(told).length === 0 ? {} : { detailed_status: told }),
    ...(code === undefined || message === undefined
      ? {}
      : { error_details: { code, message, ...(stack === undefined ? {} : { stack }) } }),
    ...(expectedVersion === undefined ? {} : { expected_version: expectedVersion }),
  };
}
