import {
  jobHeadSchema,
  operations,
  parseJson,
  validate,
  type ActionInput,
  type ActionName,
  type CreateJob,
  type JobHead,
} from '@kintsugi/contracts';
import { agreedIdempotencyKey } from '../domain/idempotency-key.js';
import { readOperation } from '../domain/operation-request.js';
import type { Caller } from '../../keys/domain/key-ring.js';
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

/** A new job with what the request says beside its data: who asks, and under which idempotency key. */
export function completed<Job extends CreateJob | JobHead>(job: Job, context: RequestContext): Job {
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
