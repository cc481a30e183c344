import { ProblemError, checkJobValue, type JobDefinition, type ResultOutput, type TaskPage } from '@kintsugi/contracts';

/** What a task of a defined job gave back. */
export interface TaskResult<Definition extends JobDefinition> {
  /** The platform's id of the task. */
  id: string;
  /** The caller's own id of it, if one was given. */
  key: string | null;
  result: ResultOutput<Definition>;
}

/** The results of a job's tasks that have succeeded, each as its definition reads it. */
export async function* readResults<Definition extends JobDefinition>(
  readPage: (cursor: string | undefined) => Promise<TaskPage>,
  definition: Definition,
): AsyncGenerator<TaskResult<Definition>, void, undefined> {
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    for (const { id, key, result } of page.items) yield { id, key, result: await checkedResult(definition, id, result) };
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

async function checkedResult<Definition extends JobDefinition>(
  definition: Definition,
  taskId: string,
  result: unknown,
): Promise<ResultOutput<Definition>> {
  if (!definition.result) return result;
  const checked = await checkJobValue(definition.result, result ?? null, 'result');
  if (checked.fault === undefined) return checked.value;
  const detail = `The result of ${taskId} does not fit the job ${definition.type}: ${checked.fault}`;
  throw new ProblemError('VALIDATION_FAILED', detail, { errors: checked.errors });
}
