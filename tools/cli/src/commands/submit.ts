import type { Client, TaskOrLines } from '@kintsugi/client';
import { isPreview, limits, withoutGaps, type CreateJobAnswer, type CreateJobInput } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { KeyValue } from '../option-values.js';
import { inTermsOfTheFile } from '../submission/lines-of-the-file.js';
import { createdJobsLines } from '../jobs/created-jobs-lines.js';
import { previewLines } from '../jobs/preview-lines.js';
import { readSubmission, type Submission } from '../submission/read-submission.js';
import type { Output } from '../terminal/output.js';
import { plural } from '../terminal/quantities.js';
import { watchToEnd } from './job.js';

export interface SubmitOptions extends ConnectionOptions {
  type?: string;
  product?: string;
  group?: string;
  user?: string;
  priority?: number;
  maxParallel?: number;
  label?: KeyValue[];
  runAt?: string;
  deadline?: string;
  after?: string[];
  timeout?: number;
  safety?: string;
  idempotencyKey?: string;
  unique?: string;
  onConflict?: string;
  validateOnly?: boolean;
  watch?: boolean;
}

/** A JSON body may hold this much; more goes up as NDJSON. */
const inlineBytesMax = limits.bodyBytes / 2;

/** Submits a job from a file. */
export async function submit(context: CommandContext, file: string, options: SubmitOptions): Promise<ExitCode> {
  const { output } = context;
  const client = await connect(context, options);
  const submission = await readSubmission(file);
  if (submission.jobs) {
    return submitAll(
      client,
      submission.jobs.map((head) => headOf(head, options)),
      output,
    );
  }
  const head = headOf(submission.head, options);
  const receipt = await send(client, head, submission, output);
  if (isPreview(receipt)) {
    output.result(receipt, () => previewLines(receipt, output));
    return exitCodes.ok;
  }
  const words = receipt.replayed ? 'was accepted before, under the same key' : 'is accepted';
  const tasks = receipt.total_tasks === null ? 'its tasks are being planned' : plural(receipt.total_tasks, 'task');
  const lines = [`${receipt.job_id} ${words}: ${tasks}`];
  if (options.watch) {
    output.say(...lines);
    return watchToEnd(client, receipt.job_id, output);
  }
  output.result(receipt, () => [...lines, `Watch it with ./kintsugi job ${receipt.job_id} --watch`]);
  return exitCodes.ok;
}

/** Submits several jobs in one request, and says what became of each. */
async function submitAll(client: Client, jobs: CreateJobInput[], output: Output): Promise<ExitCode> {
  const created = await client.createJobs(jobs);
  output.result(created, () => createdJobsLines(created));
  return created.refused === 0 ? exitCodes.ok : exitCodes.failed;
}

/** The job without its tasks: what the file says, and what the command line says over it. The gateway checks both. */
function headOf(head: Record<string, unknown>, options: SubmitOptions): CreateJobInput {
  const labels = options.label?.map(({ key, value }): [string, string] => [key, value]) ?? [];
  const given = {
    type: options.type,
    product_id: options.product,
    sending_group_id: options.group,
    user_id: options.user,
    priority: options.priority,
    max_parallel_tasks: options.maxParallel,
    run_at: options.runAt,
    deadline_at: options.deadline,
    depends_on: options.after && [...dependenciesIn(head['depends_on']), ...options.after],
    timeout_s: options.timeout,
    safety: options.safety,
    idempotency_key: options.idempotencyKey,
    unique: uniqueOf(head['unique'], options),
    validate_only: options.validateOnly,
    ...(labels.length > 0 ? { labels: { ...(head['labels'] as object | undefined), ...Object.fromEntries(labels) } } : {}),
  };
  const job = { ...head, ...withoutGaps(given) };
  for (const [field, flag] of [
    ['product_id', '--product'],
    ['sending_group_id', '--group'],
  ] as const) {
    if (!(field in job)) {
      throw new Failure('USAGE', `The job has no ${field}.`, { advice: `Give it with ${flag}, or in the file.` });
    }
  }
  return job as CreateJobInput;
}

function dependenciesIn(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [];
}

/** Of a file that has a key, the command line may say anew what happens while it is held. */
function uniqueOf(given: unknown, { unique: key, onConflict }: SubmitOptions): object | undefined {
  if (key === undefined && onConflict === undefined) return undefined;
  const ofFile = typeof given === 'object' && given !== null ? given : {};
  if (key === undefined && !('key' in ofFile)) {
    throw new Failure('USAGE', '--on-conflict says what happens to a unique key, and there is none.', {
      advice: 'Give it with --unique, or in the file.',
    });
  }
  return { ...ofFile, ...(key === undefined ? {} : { key }), ...(onConflict === undefined ? {} : { on_conflict: onConflict }) };
}

async function send(client: Client, head: CreateJobInput, submission: Submission, output: Output): Promise<CreateJobAnswer> {
  const { tasks, firstTaskLine } = submission;
  if (tasks === null) return client.createJob(head);
  if (!Array.isArray(tasks)) {
    return upload(client, head, tasks, output, (line) => `line ${Math.max(1, line - 2 + firstTaskLine)}`);
  }
  const fitsInline = tasks.length <= limits.inlineTasks && JSON.stringify(tasks).length <= inlineBytesMax;
  if (fitsInline) return client.createJob({ ...head, tasks });
  return upload(client, head, tasks, output, (line) => `tasks[${Math.max(0, line - 2)}]`);
}

type Tasks = Parameters<Client['submitTasks']>[1];

/** The same tasks; what goes wrong in making them is kept. */
function remembering(tasks: Tasks): { tasks: Tasks; error: () => unknown } {
  let failure: unknown;
  async function* passing(): AsyncGenerator<TaskOrLines> {
    try {
      yield* tasks;
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return { tasks: passing(), error: () => failure };
}

async function upload(
  client: Client,
  head: CreateJobInput,
  tasks: Tasks,
  output: Output,
  place: (uploadLine: number) => string,
): Promise<CreateJobAnswer> {
  const live = output.live();
  const source = remembering(tasks);
  const onProgress = ({ tasks: sent }: { tasks: number }): void => {
    const words = `  ${plural(sent, 'task')} sent`;
    live.show({ lines: [words], summary: words.trim() });
  };
  try {
    return await client.submitTasks(head, source.tasks, { onProgress });
  } catch (error) {
    // What goes wrong in reading the file breaks the upload off, and is the real reason.
    throw source.error() ?? inTermsOfTheFile(error, place);
  } finally {
    live.clear();
  }
}
