import { z } from 'zod';
import { limits } from '../limits.js';
import { ProblemError, shown, type ProblemDetail } from '../problem/problem.js';
import type { InexactNumbers } from '../json/inexact-number.js';
import { nestsTooDeep, parseJson } from '../json/parse-json.js';
import { utf8Length } from '../utf8-bytes.js';

/** A task as a caller gives it: an own id (optional, unique in the job), any JSON payload, and the ids of tasks that go before it. */
export interface TaskInput {
  id?: string;
  payload?: unknown;
  depends_on?: string[];
}

const taskIdPattern = /^[\x21-\x7e]+$/;

const ownIdSchema = z.string().min(1).max(limits.idLength).regex(taskIdPattern, 'printable ASCII without spaces');

export const taskInputSchema = z
  .strictObject({
    id: ownIdSchema.optional().describe('Your own id of the task, unique in the job.'),
    // What is read from JSON is JSON; to look at each value of a payload again would cost many times its parsing.
    payload: z.unknown().describe('What the handler gets as task.payload.').optional(),
    depends_on: z
      .array(ownIdSchema)
      .max(limits.dependenciesPerJob)
      .optional()
      .describe('Ids of tasks of the same job that have to be done before it runs.'),
  })
  .describe('A task');

/**
 * The faults of one task, none when it is good. Written by hand because it runs for every task of a bulk
 * submission, where a schema would cost several times as much; its spec holds it equal to taskInputSchema.
 */
export function faultsOfTask(task: unknown, path: string): ProblemDetail[] {
  if (typeof task !== 'object' || task === null || Array.isArray(task)) {
    return [{ path, rule: 'TYPE', got: shown(task), allowed: 'an object {id?, payload?, depends_on?}' }];
  }
  const faults: ProblemDetail[] = [];
  for (const key in task) {
    if (faults.length === limits.problemErrors) return faults;
    if (key !== 'id' && key !== 'payload' && key !== 'depends_on') {
      const got = shown((task as Record<string, unknown>)[key]);
      faults.push({ path: `${path}.${key.slice(0, 100)}`, rule: 'UNKNOWN_FIELD', got, allowed: 'id, payload, depends_on' });
    }
  }
  const { id, depends_on: parents } = task as TaskInput;
  if (id !== undefined) faults.push(...faultsOfTaskId(id, `${path}.id`));
  if (parents !== undefined) faults.push(...faultsOfParents(parents, `${path}.depends_on`));
  return faults;
}

function faultsOfParents(parents: unknown, path: string): ProblemDetail[] {
  if (!Array.isArray(parents)) return [{ path, rule: 'TYPE', got: shown(parents), allowed: 'a list of task ids' }];
  if (parents.length > limits.dependenciesPerJob) {
    return [{ path, rule: 'TOO_LONG', got: `${parents.length} ids`, allowed: `at most ${limits.dependenciesPerJob}` }];
  }
  const faults: ProblemDetail[] = [];
  for (let at = 0; at < parents.length && faults.length < limits.problemErrors; at += 1) {
    faults.push(...faultsOfTaskId(parents[at], `${path}[${at}]`));
  }
  return faults;
}

function faultsOfTaskId(id: unknown, path: string): ProblemDetail[] {
  if (typeof id !== 'string') return [{ path, rule: 'TYPE', got: shown(id), allowed: 'a string' }];
  if (id.length === 0) return [{ path, rule: 'TOO_SHORT', got: '""', allowed: 'at least 1 character' }];
  if (id.length > limits.idLength) {
    return [{ path, rule: 'TOO_LONG', got: shown(id), allowed: `at most ${limits.idLength} characters` }];
  }
  if (!taskIdPattern.test(id)) {
    return [{ path, rule: 'FORMAT', got: shown(id), allowed: 'printable ASCII without spaces' }];
  }
  return [];
}

/**
 * One task line of an NDJSON upload, checked.
 * @param lineNumber counted from 1, as an editor does
 */
export function parseTaskLine(line: string, lineNumber: number, numbers?: InexactNumbers): TaskInput {
  const at = `line ${lineNumber}`;
  refuseLongTask(line, at);
  const task = parseJson(line, at, numbers);
  const faults = faultsOfTask(task, at);
  if (faults.length > 0) throw taskProblem(at, faults);
  return task as TaskInput;
}

/** The text that stands for a task in its chunk, checked for size and depth. */
export function taskLineOf(task: TaskInput, path: string): string {
  const line = JSON.stringify(task);
  refuseLongTask(line, path);
  if (nestsTooDeep(line)) {
    throw taskProblem(path, [{ path, rule: 'TOO_DEEP', allowed: `at most ${limits.jsonDepth} levels` }]);
  }
  return line;
}

function refuseLongTask(line: string, path: string): void {
  const bytes = utf8Length(line);
  if (bytes <= limits.taskBytes) return;
  throw taskProblem(path, [{ path, rule: 'TOO_LONG', got: `${bytes} bytes`, allowed: `at most ${limits.taskBytes} bytes` }]);
}

export function taskProblem(at: string, errors: ProblemDetail[]): ProblemError {
  const [first] = errors;
  return new ProblemError(
    'TASK_INVALID',
    `The task at ${at} is not valid: ${first?.path} ${first?.rule}. Nothing was accepted.`,
    {
      errors,
    },
  );
}

export function duplicateTaskProblem(path: string, id: string): ProblemError {
  return new ProblemError('TASK_ID_DUPLICATE', `${path} repeats the task id ${shown(id)}. Nothing was accepted.`, {
    errors: [{ path, rule: 'DUPLICATE', got: shown(id), allowed: 'an id unique in the job' }],
  });
}

export function tooManyTasksProblem(path: string, allowed: number = limits.tasksPerJob): ProblemError {
  return new ProblemError('TOO_MANY_TASKS', `${path}: a job may have at most ${allowed} tasks here. Nothing was accepted.`, {
    errors: [{ path, rule: 'TOO_LONG', got: `more than ${allowed} tasks`, allowed: `at most ${allowed}` }],
  });
}
