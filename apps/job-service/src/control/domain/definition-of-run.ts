import { canonicalJson, type BatchJob, type RerunPlan } from '@kintsugi/contracts';
import type { GivenHead } from '../../tasks/domain/job-head.js';

/** What a new run may be held to otherwise than the job was. Whose it is, and of which type, stays. */
const fields = [
  ...(['product_id', 'sending_group_id', 'priority', 'max_parallel_tasks', 'retry_config', 'resource_limits'] as const),
  ...(['timeout_s', 'on_dependency_failure', 'safety', 'labels', 'concurrency', 'rate_limit'] as const),
] satisfies (keyof BatchJob)[];

export type DefinedHead = Pick<GivenHead, (typeof fields)[number]>;

/** The part of a head that a definition says; what it does not say is as where nothing is said. */
export function definedHead(said: DefinedHead): DefinedHead {
  return Object.fromEntries(fields.map((field) => [field, said[field] ?? undefined])) as unknown as DefinedHead;
}

export function differencesOf(original: DefinedHead, latest: DefinedHead): RerunPlan['definition']['differs'] {
  return fields.flatMap((field) => {
    const [before, after] = [original[field] ?? null, latest[field] ?? null];
    return canonicalJson(before) === canonicalJson(after) ? [] : [{ field, original: before, latest: after }];
  });
}
