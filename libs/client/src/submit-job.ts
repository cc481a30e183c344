import {
  ProblemError,
  checkJobValue,
  limits,
  utf8Length,
  type CreateJobInput,
  type JobDefinition,
  type JobReceipt,
  type TaskInput,
  type TaskOf,
} from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { submitTasks, type SubmitOptions } from './submit-tasks.js';

export type JobOfDefinition = Omit<CreateJobInput, 'type' | 'tasks'>;
export type TasksOf<Definition extends JobDefinition> = Iterable<TaskOf<Definition>> | AsyncIterable<TaskOf<Definition>>;

/** A body may hold that much beside its tasks, and what is longer goes up as it is made. */
const inlineBytesMax = limits.bodyBytes - limits.bodyRestBytes;

/** Submits a job of a definition; a payload that its schema does not take ends it before anything is accepted. */
export async function submitJob<Definition extends JobDefinition>(
  api: ApiCaller,
  definition: Definition,
  job: JobOfDefinition,
  tasks: TasksOf<Definition> | undefined,
  options: SubmitOptions,
): Promise<JobReceipt> {
  const head = { ...job, type: definition.type };
  if (tasks === undefined) return createJob(api, head, undefined, options);
  const lines = checkedLines(definition, tasks);
  if (!Array.isArray(tasks) || tasks.length > limits.inlineTasks) return submitTasks(api, head, lines, options);
  const inline: string[] = [];
  let bytes = 0;
  for await (const line of lines) {
    inline.push(line);
    bytes += utf8Length(line) + 1;
  }
  return bytes > inlineBytesMax ? submitTasks(api, head, inline, options) : createJob(api, head, inline, options);
}

function createJob(api: ApiCaller, head: CreateJobInput, lines: string[] | undefined, options: SubmitOptions) {
  const text = JSON.stringify({ action: 'createJob', data: head });
  return api.json<JobReceipt>({
    method: 'POST',
    path: '/job-operations',
    headers: { 'content-type': 'application/json' },
    // The lines are JSON already, and are put before the two braces that end the text.
    body: lines ? `${text.slice(0, -2)},"tasks":[${lines.join(',')}]}}` : text,
    signal: options.signal,
  });
}

async function* checkedLines<Definition extends JobDefinition>(
  definition: Definition,
  tasks: TasksOf<Definition>,
): AsyncGenerator<string, void, undefined> {
  let index = 0;
  for await (const task of tasks) {
    // What the worker will read is checked, and not what becomes of it on the way, as of a Date.
    const line = JSON.stringify(task);
    const { payload = null } = JSON.parse(line) as TaskInput;
    const checked = await checkJobValue(definition.payload, payload, `tasks[${index}].payload`);
    if (checked.fault !== undefined) {
      const detail = `A payload does not fit the job ${definition.type}: ${checked.fault} Nothing was accepted.`;
      throw new ProblemError('TASK_INVALID', detail, { errors: checked.errors });
    }
    yield line;
    index += 1;
  }
}
