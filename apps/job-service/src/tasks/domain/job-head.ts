import {
  DEFAULT_TENANT,
  STALLED_AFTER_S,
  typeOfQueue,
  type BatchJob,
  type Concurrency,
  type DependencyFailureRule,
  type Executor,
  type Labels,
  type RateLimit,
  type ResourceLimits,
  type RetrySettings,
  type SafetyClass,
  type Unique,
} from '@kintsugi/contracts';
import type { BundledJob, Chunk } from './chunk.js';
import { priorityAt } from './task-priorities.js';

type WithParent = NonNullable<BatchJob['with_parent']>;

/** What a job was asked for as; null where nothing was said. */
export interface AcceptedHead {
  type: string;
  product_id: string;
  sending_group_id: string;
  user_id: string;
  tenant: string;
  priority: number;
  max_parallel_tasks: number | null;
  retry_config: RetrySettings | null;
  resource_limits: ResourceLimits | null;
  safety: SafetyClass;
  labels: Labels;
  /** Seconds that a run may take. This and what may follow is missing where nothing was said. */
  timeout_s?: number;
  on_dependency_failure?: DependencyFailureRule;
  awaited_jobs?: number;
  /** Left out where workers run it. */
  executor?: Executor;
  stalled_after_s?: number;
  run_at?: string;
  deadline_at?: string;
  concurrency?: Concurrency;
  rate_limit?: RateLimit;
  unique?: Unique;
  parent_job_id?: string;
  with_parent?: WithParent;
  original_job_id?: string;
  retry_count?: number;
}

type Unsaid =
  | 'timeout_s'
  | 'on_dependency_failure'
  | 'awaited_jobs'
  | 'run_at'
  | 'deadline_at'
  | 'executor'
  | 'stalled_after_s'
  | 'concurrency'
  | 'rate_limit'
  | 'unique'
  | 'parent_job_id'
  | 'with_parent'
  | 'original_job_id'
  | 'retry_count';
type Optional = 'tenant' | 'max_parallel_tasks' | 'retry_config' | 'resource_limits';

/** A head as it comes in or is kept: what was not said may be missing. */
export type GivenHead = Omit<AcceptedHead, Optional | Unsaid> & {
  [Field in Optional | Unsaid]?: AcceptedHead[Field] | undefined;
};

/** A head with every field. All that carries the head of a job onwards has it from here or from `leanHeadOf`. */
export function headOf(given: GivenHead): AcceptedHead {
  const head: AcceptedHead = {
    type: given.type,
    product_id: given.product_id,
    sending_group_id: given.sending_group_id,
    user_id: given.user_id,
    tenant: given.tenant ?? DEFAULT_TENANT,
    priority: given.priority,
    max_parallel_tasks: given.max_parallel_tasks ?? null,
    retry_config: given.retry_config ?? null,
    resource_limits: given.resource_limits ?? null,
    safety: given.safety,
    labels: given.labels,
  };
  addSaid(head, given);
  return head;
}

type LeanHead = Omit<AcceptedHead, Optional | 'labels'> & {
  [Field in Optional | 'labels']?: NonNullable<AcceptedHead[Field]>;
};

/** A head without what a reader takes for granted: bundles come in floods. */
export function leanHeadOf(given: GivenHead): LeanHead {
  const { type, product_id, sending_group_id, user_id, priority, safety, labels } = given;
  const head: LeanHead = { type, product_id, sending_group_id, user_id, priority, safety };
  if (Object.keys(labels).length > 0) head.labels = labels;
  addOptional(head, given);
  return head;
}

/** What a bundle keeps of the head of one of its jobs, beside what all of them have in common. */
export function keptInBundle(given: GivenHead): Omit<BundledJob, 'id'> {
  const { product_id, sending_group_id, user_id, labels } = given;
  const kept: Omit<BundledJob, 'id'> = { product_id, sending_group_id, user_id, labels };
  addOptional(kept, given);
  return kept;
}

/** The head of the job at a place of a bundle; null where there is none. */
export function headInBundle(chunk: Chunk, index: number): GivenHead | null {
  const { queue, safety, jobs } = chunk.identity;
  const job = jobs?.[index];
  return job ? { ...job, type: typeOfQueue(queue), priority: priorityAt(chunk, index), safety } : null;
}

/** The tenant as it is kept with tasks: the default is left out. */
export function keptTenant(tenant: string | undefined): { tenant?: string } {
  return tenant === undefined || tenant === DEFAULT_TENANT ? {} : { tenant };
}

function addOptional(
  head: { [Field in Optional | Unsaid]?: NonNullable<AcceptedHead[Field]> | undefined },
  given: GivenHead,
): void {
  const { tenant, max_parallel_tasks, retry_config, resource_limits } = given;
  Object.assign(head, keptTenant(tenant));
  if (max_parallel_tasks !== undefined && max_parallel_tasks !== null) head.max_parallel_tasks = max_parallel_tasks;
  if (retry_config) head.retry_config = retry_config;
  if (resource_limits) head.resource_limits = resource_limits;
  addSaid(head, given);
}

function addSaid(head: { [Field in Unsaid]?: AcceptedHead[Field] | undefined }, given: GivenHead): void {
  const { timeout_s, on_dependency_failure, awaited_jobs, run_at, deadline_at, executor, stalled_after_s } = given;
  const { concurrency, rate_limit, unique, parent_job_id, with_parent, original_job_id, retry_count } = given;
  if (timeout_s !== undefined) head.timeout_s = timeout_s;
  if (on_dependency_failure !== undefined) head.on_dependency_failure = on_dependency_failure;
  if (awaited_jobs !== undefined) head.awaited_jobs = awaited_jobs;
  if (run_at !== undefined) head.run_at = run_at;
  if (deadline_at !== undefined) head.deadline_at = deadline_at;
  if (executor === 'external') Object.assign(head, { executor, stalled_after_s: stalled_after_s ?? STALLED_AFTER_S });
  if (concurrency !== undefined) head.concurrency = concurrency;
  if (rate_limit !== undefined) head.rate_limit = rate_limit;
  if (unique !== undefined) head.unique = unique;
  if (parent_job_id !== undefined) head.parent_job_id = parent_job_id;
  if (with_parent !== undefined) head.with_parent = with_parent;
  if (original_job_id !== undefined) Object.assign(head, { original_job_id, retry_count });
}

/** Labels as chunks have them: left out where there are none. */
export function toldLabels(labels: Labels | undefined): { labels?: Labels } {
  for (const _ in labels) return { labels };
  return {};
}
