import {
  createJobSchema,
  jobHeadSchema,
  operations,
  parseJson,
  validate,
  type ActionInput,
  type ActionName,
  type InlineTasks,
  type JobHead,
} from '@kintsugi/contracts';
import { agreedIdempotencyKey } from '../domain/idempotency-key.js';
import { readOperation } from '../domain/operation-request.js';
import type { Caller } from '../../keys/domain/known-keys.js';
import type { Line } from '../../uploads/domain/line-splitter.js';

/** What a request says beside its body. */
export interface RequestContext {
  caller: Caller;
  idempotencyKeys: readonly string[] | undefined;
}

/** The data of an action, held to the action's contract. */
export function inputOf<Action extends ActionName>(action: Action, data: unknown): ActionInput<Action> {
  return validate(operations[action].request, data, 'data') as ActionInput<Action>;
}

/** The job of a body without its tasks, which are read apart from it. */
export function jobOf(data: unknown, tasks: InlineTasks | null, context: RequestContext): JobHead {
  // With tasks there is a list in the data, which is empty, and which the contract would refuse.
  if (!tasks || tasks.count === 0) return completed(validate(createJobSchema, data, 'data'), context);
  const { tasks: _, ...head } = data as Record<string, unknown>;
  return completed(validate(jobHeadSchema, head, 'data'), context);
}

/** A new job with what the request says beside its data: who asks, and under which idempotency key. */
function completed(job: JobHead, context: RequestContext): JobHead {
  const key = agreedIdempotencyKey(context.idempotencyKeys, job.idempotency_key);
  const user = job.user_id ?? context.caller.keyId ?? undefined;
  return { ...job, ...(key === undefined ? {} : { idempotency_key: key }), ...(user === undefined ? {} : { user_id: user }) };
}

/** The job of an upload's first line. */
export function headOf(line: Line, context: RequestContext): JobHead {
  const at = `line ${line.number}`;
  const { data } = readOperation(parseJson(line.text, at), ['createJob'], at);
  return completed(validate(jobHeadSchema, data, `${at}.data`), context);
}
