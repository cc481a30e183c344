import { limits, planQueueOf, type JobHead, type JobPreview, type PreviewRule, type Unique } from '@kintsugi/contracts';
import type { Dependencies } from '../../dependencies/check-dependencies.js';
import { burstOf } from '../../jobs/domain/limit-keys.js';
import { widened } from '../../jobs/domain/unique-hold.js';
import { headOf } from '../../tasks/domain/job-head.js';

export interface PreviewedJob {
  head: JobHead;
  /** Null where a plan handler is to make the tasks. */
  total: number | null;
  type: string;
  /** Who asks, and whose the job would be. */
  userId: string;
  tenant: string;
  /** Workers that offer its queue now, with all their slots. */
  workers: { count: number; slots: number };
  /** The job that its idempotency key has made already. */
  madeBefore: string | null;
  /** The job that holds its unique key. */
  holder: string | null;
  /** The jobs that go before it. */
  dependencies?: Dependencies | undefined;
}

/** What would hold for a job, rule by rule. */
export function previewOf(previewed: PreviewedJob): JobPreview {
  const { head, total, type, tenant, userId } = previewed;
  const order = headOf({ ...head, unique: head.unique && widened(head.unique), type, user_id: head.user_id ?? userId, tenant });
  if (head.executor === 'external') {
    const rules = [...rulesOfProducer(head, order.stalled_after_s ?? 0), ...rulesOfOwner(previewed)];
    return { validate_only: true, job: { ...order, total_tasks: 0 }, rules };
  }
  const rules = [
    ...rulesOfQueue(previewed),
    ...rulesOfTime(head),
    ...rulesOfDependencies(previewed),
    ...rulesOfKeys(head),
    ...rulesOfRuns(head),
    ...rulesOfOwner(previewed),
  ];
  return { validate_only: true, job: { ...order, total_tasks: total }, rules };
}

function rulesOfProducer({ stalled_after_s: given }: JobHead, seconds: number): PreviewRule[] {
  return [
    { field: 'executor', value: 'external', from: 'job', says: 'Its producer runs it and reports it by updateBatchJob.' },
    {
      field: 'stalled_after_s',
      value: seconds,
      from: given === undefined ? 'default' : 'job',
      says: `It fails as job.stalled once nothing was reported for ${seconds} s.`,
    },
  ];
}

function rulesOfQueue({ head, total, type, workers }: PreviewedJob): PreviewRule[] {
  const { priority, max_parallel_tasks: parallel } = head;
  const queue = total === null ? planQueueOf(type) : type;
  const says =
    total === null
      ? `The plan handler of ${type} makes the tasks, ${limits.tasksPerJob} at most; planning waits in the queue ${queue}.`
      : `Its tasks wait in the queue ${queue}, and take turns with others of their priority.`;
  return [
    { field: 'type', value: type, from: head.type === undefined ? 'default' : 'job', says: `Handlers of ${type} run it.` },
    {
      field: 'tasks',
      value: total,
      from: 'job',
      says: total === null ? 'It has none of its own: they are planned.' : `It has ${total}, of ${limits.tasksPerJob} at most.`,
    },
    { field: 'queue', value: queue, from: 'platform', says },
    {
      field: 'priority',
      value: priority,
      from: priority === 5 ? 'default' : 'job',
      says:
        priority === 9
          ? 'Nothing goes before it; what has the same priority takes turns with it.'
          : `Jobs of the priorities ${priority + 1} to 9 go before it.`,
    },
    {
      field: 'max_parallel_tasks',
      value: parallel ?? null,
      from: parallel === undefined ? 'default' : 'job',
      says:
        parallel === undefined
          ? 'As many of its tasks run at once as workers have room for.'
          : `At most ${parallel} of its tasks run at once.`,
    },
    {
      field: 'workers',
      value: workers.count,
      from: 'platform',
      says:
        workers.count === 0
          ? `No worker offers ${queue} now: the job would wait until one does.`
          : `Workers that offer ${queue} now: ${workers.count}, slots: ${workers.slots}.`,
    },
  ];
}

function rulesOfRuns({ retry_config: retry, resource_limits: resources, safety, timeout_s: timeout }: JobHead): PreviewRule[] {
  const safe = {
    idempotent: 'A task may run again after an unclear end.',
    keyed: 'A task may run again after an unclear end, with the same run key.',
    unsafe: 'A task is never run again by itself after an unclear end: a person decides.',
  };
  const rules: PreviewRule[] = [
    {
      field: 'retry_config',
      value: retry ?? null,
      from: retry ? 'job' : 'default',
      says: retry
        ? `A task runs at most ${retry.max_attempts} times; the first retry comes after ${retry.retry_interval} s, for ${retry.retry_on_errors.length === 0 ? 'every error type that can be retried' : retry.retry_on_errors.join(', ')}.`
        : 'Failures are retried as the policy of their error type says: GET /v1/retry-configs.',
    },
    { field: 'safety', value: safety, from: safety === 'idempotent' ? 'default' : 'job', says: safe[safety] },
  ];
  if (timeout !== undefined) {
    const says = `A run that takes longer than ${timeout} s is stopped, and fails as task.timeout.`;
    rules.push({ field: 'timeout_s', value: timeout, from: 'job', says });
  }
  if (resources) {
    const says = `One task may use ${resources.max_memory} MiB and ${resources.max_cpu} cores: workers have room for as many as they have of that, and a command that uses more is stopped.`;
    rules.push({ field: 'resource_limits', value: resources, from: 'job', says });
  }
  return rules;
}

function rulesOfTime({ run_at: runAt, deadline_at: deadlineAt }: JobHead): PreviewRule[] {
  const rules: PreviewRule[] = [];
  if (runAt !== undefined) {
    const says = `Its tasks may run from ${runAt} on; it can be cancelled before.`;
    rules.push({ field: 'run_at', value: runAt, from: 'job', says });
  }
  if (deadlineAt !== undefined) {
    const says = `What is left of it at ${deadlineAt} is stopped, and it fails as job.deadline.`;
    rules.push({ field: 'deadline_at', value: deadlineAt, from: 'job', says });
  }
  return rules;
}

function rulesOfDependencies({ dependencies, head: { on_dependency_failure: rule } }: PreviewedJob): PreviewRule[] {
  if (!dependencies) return [];
  const { depends_on: all, awaits } = dependencies;
  const otherwise = { fail: 'the job fails', skip: 'the job is cancelled', run: 'it runs all the same' }[rule ?? 'fail'];
  const says =
    awaits.length === 0
      ? 'All that go before it have ended: it may begin at once.'
      : `It waits for ${awaits.length} of ${all.length} jobs. Where one of them is not completed that has to be, ${otherwise}.`;
  return [{ field: 'depends_on', value: all, from: 'job', says }];
}

function rulesOfOwner({ head, userId, tenant, madeBefore, holder }: PreviewedJob): PreviewRule[] {
  const { user_id: user, idempotency_key: key } = head;
  const rules: PreviewRule[] = [
    {
      field: 'user_id',
      value: user ?? userId,
      from: user === undefined || user === userId ? 'caller' : 'job',
      says: `It is asked for in the name of ${user ?? userId}.`,
    },
    { field: 'tenant', value: tenant, from: 'caller', says: `It belongs to the tenant ${tenant}.` },
  ];
  if (head.unique) rules.push(ruleOfUnique(head.unique, holder));
  if (key !== undefined) {
    const says =
      madeBefore === null
        ? 'The key is free: it would make this job, and no other for seven days.'
        : `The key has made ${madeBefore}: no other job would be made, and one request that differs is refused.`;
    rules.push({ field: 'idempotency_key', value: key, from: 'job', says });
  }
  return rules;
}

function ruleOfUnique(unique: Unique, holder: string | null): PreviewRule {
  const held = {
    reject: `${holder} holds the key: the job would be refused.`,
    return: `${holder} holds the key: it would be the answer, and no job would be made.`,
    replace: `${holder} holds the key: it would be cancelled, and the job would take its place.`,
  };
  const says =
    holder === null ? `The key is free: no other job could take it while this one is there.` : held[unique.on_conflict];
  return { field: 'unique', value: widened(unique), from: 'job', says };
}

function rulesOfKeys({ concurrency, rate_limit: rate }: JobHead): PreviewRule[] {
  const rules: PreviewRule[] = [];
  if (concurrency) {
    const says = `At most ${concurrency.limit} tasks run at once in all jobs of the key ${concurrency.key}.`;
    rules.push({ field: 'concurrency', value: concurrency, from: 'job', says });
  }
  if (rate) {
    const says = `Tasks of all jobs of the key ${rate.key} begin ${rate.per_second} times a second on average, ${burstOf(rate)} at once after a rest.`;
    rules.push({ field: 'rate_limit', value: rate, from: 'job', says });
  }
  return rules;
}
