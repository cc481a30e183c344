/** Error records as a month of failures leaves them, each made from its number alone: two runs search the same. */

import { of, places, things, verbs } from './failure-words.js';

const dayMs = 86_400_000;
const monthMs = 30 * dayMs;
const recordsOfJob = 25;
const hexDigits = 16;

const errorTypes = ['smtp.451', 'smtp.550', 'net.reset', 'net.timeout', 'http.503', 'http.429', 'disk.full', 'TypeError'];
const jobTypes = ['mail.send', 'report.build', 'image.scale', 'invoice.print', 'feed.read'];

/** How a task has ended, by the last digit of its number: most recover, some wait for a person, few are under way. */
const endings = [
  ...Array.from({ length: 7 }, () => ({ status: 'recovered', phase: 'recovered' })),
  { status: 'failed', phase: 'discarded' },
  { status: 'failed', phase: 'discarded' },
  { status: 'in_progress', phase: 'retrying' },
] as const;

export interface ErrorSampling {
  records: number;
  groups: number;
  /** Epoch milliseconds; the records are of the month before. */
  now: number;
}

/** The text that only the record in the middle has. */
export const needle = 'the one mailbox that is looked for';

export function groupOf(n: number, groups: number): number {
  // Few groups have most of the failures, and each has some.
  return n < groups ? n : Math.floor(groups * ((n * 0.618_033_988_749_895) % 1) ** 3);
}

/** @returns also a word that its messages share with many groups, and one that they alone have */
export function groupSample(group: number): Record<'id' | 'title' | 'error_type' | 'job_type' | 'verb' | 'word', string> {
  const id = `grp_${group.toString(hexDigits).padStart(32, '0')}`;
  const verb = of(verbs, Math.floor(group / 10));
  const word = `part-${group.toString(36).padStart(4, '0')}`;
  const title = `${of(things, group)} <*> ${verb} by the ${of(places, Math.floor(group / 100))} host of ${word}`;
  return { id, title, error_type: of(errorTypes, group), job_type: of(jobTypes, group), verb, word };
}

export function jobOf(n: number): string {
  return `job_${uuidOf(Math.floor(n / recordsOfJob))}`;
}

/** The label of every record with that number; a thousandth of them has each. */
export function customerOf(n: number): string {
  return `customer-${n % 1_000}`;
}

export function timeOf(n: number, { records, now }: ErrorSampling): number {
  return now - monthMs + Math.floor((n / records) * monthMs);
}

/** As recovery-service stores it. */
export function errorRecordSample(n: number, sampling: ErrorSampling) {
  const { id: group_id, title: group_title, error_type, job_type } = groupSample(groupOf(n, sampling.groups));
  const uuid = uuidOf(Math.floor(n / recordsOfJob));
  const task = `${uuid}.0.${n % recordsOfJob}`;
  const { status, phase } = of(endings, n);
  const runs = 1 + (n % 3);
  const last = timeOf(n, sampling);
  const failedAt = (run: number): string => new Date(last - (runs - run) * 10_000).toISOString();
  const hasRetry = (run: number): boolean => run < runs || phase !== 'discarded';
  const text = group_title.replace('<*>', `${(n * 2_654_435_761).toString(hexDigits)}@example.com`);
  return {
    _id: `err_${task}`,
    ...{ job_id: `job_${uuid}`, task_id: `task_${task}`, job_type, error_type },
    error_message: n === Math.floor(sampling.records / 2) ? `${text}: ${needle}` : text,
    ...(n % 4 === 0 ? { stack_trace: stackOf(text, job_type) } : {}),
    ...{ timestamp: failedAt(runs), retry_count: hasRetry(runs) ? runs : runs - 1, recovery_status: status, phase },
    recovery_attempts: Array.from({ length: hasRetry(runs) ? runs : runs - 1 }, (_, run) => ({
      ...{ timestamp: failedAt(run + 1), method: 'automatic_retry' },
      result: run + 1 < runs ? `failed: ${error_type}` : status === 'recovered' ? 'recovered' : 'started',
    })),
    failed_runs: Array.from({ length: runs }, (_, run) => ({
      ...{ attempt: run + 1, failed_at: failedAt(run + 1), error_type },
      retry_delay_ms: hasRetry(run + 1) ? 5_000 * 2 ** run : null,
    })),
    labels: { customer: customerOf(n), dependency: of(places, n) },
    ...{ group_id, group_title, decision: ['config smtp.*: 3 attempts', 'scheduled in 5 s'], next_retry_at: null },
    ...{ attempt: runs, failures: runs, forgiven_failures: 0, resend_at: null, resends: 0, manual_recovery_id: null },
    ...(status === 'recovered' ? { closed_at: new Date(last + 5_000) } : {}),
    version: runs * 2,
  };
}

/** As recovery-service stores it. */
export function failureGroupSample(group: number, sampling: ErrorSampling) {
  const { id, title, error_type, job_type } = groupSample(group);
  const at = new Date(timeOf(group, { ...sampling, records: sampling.groups })).toISOString();
  return {
    _id: id,
    ...{ tenant: 'default', error_type, title, frames: [], count: 100, first_seen: at, last_seen: at },
    hours: Array.from({ length: 24 }, (_, hour) => ({ hour, count: 0 })),
    ...{ job_types: [job_type], recent_job_ids: [jobOf(group)], example_record_id: `err_${uuidOf(0)}.0.${group % recordsOfJob}` },
    ...{ state: 'open', state_at: at, ignored_until: null, ignored_count: null, assignee: null, note: null },
    ...{ regressions: 0, regressed_at: null, merged_into: null, events: [], version: 1 },
  };
}

function stackOf(message: string, jobType: string): string {
  const calls = Array.from({ length: 8 }, (_, at) => `    at step${at} (/srv/${jobType}/part-${at}.js:${10 + at}:7)`);
  return [`Error: ${message}`, ...calls].join('\n');
}

function uuidOf(n: number): string {
  return `01890a5d-ac96-774b-bcce-${n.toString(hexDigits).padStart(12, '0')}`;
}
