import type { StandardSchemaV1 } from '@standard-schema/spec';
import { shown } from '../problem/problem.js';
import { jobTypeSchema } from './batch-job.js';
import { limits } from '../limits.js';

/** A job type, what its tasks are given and what they give back: written once, used by who submits and by who handles. */
export interface JobDefinition<
  Payload extends StandardSchemaV1 = StandardSchemaV1,
  Result extends StandardSchemaV1 = StandardSchemaV1,
> {
  readonly type: string;
  /** What is submitted is what this schema reads; a handler gets what it makes of that. */
  readonly payload: Payload;
  /** A handler returns what this schema reads; a reader of results gets what it makes of that. */
  readonly result?: Result;
}

/** The payload as it is submitted. */
export type PayloadInput<Definition extends JobDefinition> = StandardSchemaV1.InferInput<Definition['payload']>;
/** The payload as a handler gets it. */
export type PayloadOutput<Definition extends JobDefinition> = StandardSchemaV1.InferOutput<Definition['payload']>;
/** The result as a handler returns it. */
export type ResultInput<Definition extends JobDefinition> = StandardSchemaV1.InferInput<NonNullable<Definition['result']>>;
/** The result as it is read. */
export type ResultOutput<Definition extends JobDefinition> = StandardSchemaV1.InferOutput<NonNullable<Definition['result']>>;

/** A task as it is submitted. */
export interface TaskOf<Definition extends JobDefinition> {
  /** Your own id of it, unique in the job. */
  id?: string;
  payload: PayloadInput<Definition>;
}

/**
 * Defines a job type for both ends. The schemas may be those of any library that keeps to https://standardschema.dev, such
 * as zod, valibot or arktype; without one for the result, a result may be any JSON.
 *
 * @example
 * export const greet = defineJob({
 *   type: 'greet',
 *   payload: z.object({ name: z.string().min(1) }),
 *   result: z.object({ greeting: z.string() }),
 * });
 */
export function defineJob<Payload extends StandardSchemaV1, Result extends StandardSchemaV1 = StandardSchemaV1<unknown, unknown>>(
  definition: JobDefinition<Payload, Result>,
): JobDefinition<Payload, Result> {
  const { type, payload, result } = definition;
  if (!jobTypeSchema.safeParse(type).success) {
    throw new TypeError(
      `defineJob() needs a type: up to ${limits.typeLength} letters, digits, dots, dashes and underscores, a letter first. It got ${shown(type)}.`,
    );
  }
  for (const [name, schema] of Object.entries({ payload, ...(result === undefined ? {} : { result }) })) {
    if (isStandardSchema(schema)) continue;
    throw new TypeError(
      `The ${name} of job ${type} needs a schema by https://standardschema.dev, such as one of zod. It got ${shown(schema)}.`,
    );
  }
  return Object.freeze({ type, payload, ...(result === undefined ? {} : { result }) });
}

/** Whether this is a definition and no type's name. */
export function isJobDefinition(value: unknown): value is JobDefinition {
  return typeof value === 'object' && value !== null && 'type' in value && 'payload' in value && isStandardSchema(value.payload);
}

function isStandardSchema(value: unknown): value is StandardSchemaV1 {
  // Some libraries make schemas that are functions.
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || !('~standard' in value)) return false;
  const standard = value['~standard'];
  return typeof standard === 'object' && standard !== null && 'validate' in standard && typeof standard.validate === 'function';
}
