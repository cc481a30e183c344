import { randomUUID } from 'node:crypto';
import { eventCatalogue, eventHeaders, eventType, subjects, type EventName } from '@kintsugi/contracts';
import { requestSamples } from './request-samples.js';
import { chunkId, jobId, groupId, recordId, head, run, now, type Sample } from './sample-parts.js';

/** A sound message of each kind, so that a mutation gets past the first check more often than not. */
export function samplesFor(workerId: string): Sample[] {
  const notice = { worker_id: workerId, host: 'h', pid: 1, slots: 3, queues: ['no.such.type'], draining: false };
  const failure = { index: 1, started: 1, took_us: 1, error_type: 'net.reset', error_message: 'm', stack_trace: 's' };
  const outcome = {
    chunk_id: chunkId,
    fence: 1,
    base_ms: 1,
    done: [0],
    started: [1],
    took_us: [1],
    failed: [failure],
    returned: [2],
  };
  const work = {
    v: 1,
    chunk_id: chunkId,
    job_id: null,
    fence: 1,
    queue: 'test.noop',
    safety: 'idempotent',
    indexes: [0],
    attempts: [1],
  };
  return [
    { subject: subjects.beats, body: { worker_id: workerId } },
    { subject: subjects.inventories, body: { ...notice, held: [[chunkId, 1]], running: [[chunkId, 1, [[0, 1, 0.5]]]] } },
    { subject: subjects.inventories, body: { ...notice, worker_id: 'forged', held: [], running: [] } },
    {
      subject: subjects.outcomes,
      body: { v: 1, worker_id: workerId, leases: [{ ...outcome, results: { 0: { a: 1 } }, logs: { 0: ['l'] } }] },
    },
    {
      subject: subjects.taskLogs,
      body: `${JSON.stringify({
        ...{ v: 1, worker_id: workerId, sequence: 1, again: false, dropped: 0 },
        parts: [{ log: chunkId.slice(0, 36), bundled: true, base_ms: 1, first_ms: 1, last_ms: 1, runs: [['0.0', 1, 1, 13, 4]] }],
      })}\n0\t1\toi.\ttext\n`,
    },
    { subject: subjects.storedLogs, body: { logs: [chunkId.slice(0, 36)] } },
    { subject: subjects.work(workerId), body: `${JSON.stringify(work)}\n{"payload":{}}` },
    { subject: subjects.control(workerId), body: { kind: 'cancel', tasks: [[chunkId, [0]]] } },
    { subject: subjects.control(workerId), body: { kind: 'revoke', leases: [[chunkId, 1]] } },
    {
      subject: subjects.samples,
      body: {
        ...{ v: 1, worker_id: workerId, host: 'h', span_ms: 1, busy_ms: 1, cpu_ms: 1, memory_mib: 1, loop_share: 0.5, slots: 3 },
        ...{ done: 1, failed: 0 },
        jobs: [{ job_id: jobId, busy_ms: 1, cpu_ms: 1, memory_mib: 1, measured: true, done: 1, failed: 0, run_ms: 1 }],
      },
    },
    { subject: subjects.rollCall, body: '' },
    { subject: subjects.metrics, body: '' },
    { subject: subjects.health, body: '' },
    {
      subject: `$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.EVENTS.metrics-service-jobs`,
      body: { type: 'io.nats', stream: 'EVENTS' },
    },
    ...requestSamples(),
    ...commandSamples(),
    ...eventSamples(),
  ];
}

function commandSamples(): Sample[] {
  return [
    { subject: subjects.command('createJob'), body: { ...head, tasks: [{ payload: 1 }] } },
    {
      subject: subjects.command('updateBatchJob'),
      body: { job_id: jobId, status: 'running', error_details: { code: 'a', message: 'm' } },
    },
    { subject: subjects.command('deferTasks'), body: { tasks: [{ ...run, next_attempt_at: now }] } },
    { subject: subjects.command('retryTasks'), body: { tasks: [run] } },
    { subject: subjects.command('discardTasks'), body: { tasks: [{ ...run, reason: 'r' }] } },
    { subject: subjects.command('requeueTasks'), body: { tasks: [run], params: { a: { b: 1 } } } },
  ];
}

function eventSamples(): Sample[] {
  const job = { job_id: jobId, status: 'failed', total_tasks: 1, task_counts: { dead: 1 } };
  const ending = {
    ...job,
    started_at: now,
    finished_at: now,
    first_try: 0,
    error_types: { a: 1 },
    task_ms: null,
    submit_to_done_ms: null,
  };
  const detailed_status = { current_phase: 'p', progress_percentage: 1, active_tasks: 1, error_count: 1 };
  const failure = {
    ...{ ...run, job_id: jobId, job_type: 'a', safety: 'idempotent', failures: 1, error_type: 'a', error_message: 'm' },
    ...{ non_retryable: true, retry_after_ms: null, failed_at: now, retry_config: null },
  };
  const data: Partial<Record<EventName, unknown>> = {
    'job.created': { jobs: [{ ...head, job_id: jobId, priority: 5, safety: 'keyed', total_tasks: 1, created_at: now }] },
    'job.planned': { jobs: [{ job_id: jobId, total_tasks: 1 }] },
    'job.started': { jobs: [{ job_id: jobId, started_at: now }] },
    'job.progressed': { jobs: [{ ...job, detailed_status }] },
    'job.completed': { jobs: [ending] },
    'job.failed': { jobs: [ending] },
    'job.cancelled': { jobs: [ending] },
    'job.recovered': { jobs: [{ job_id: jobId, status: 'recovering' }] },
    'job.faulted': {
      jobs: [{ job_id: jobId, job_type: 'a', fault: 1, error_type: 'a', error_message: 'm', stack_trace: 's', failed_at: now }],
    },
    'job.cancel_requested': { jobs: [{ job_id: jobId, status: 'cancelling', by: 'u' }] },
    'job.retry_requested': { jobs: [{ job_id: jobId, status: 'recovering', by: 'u', retry_count: 1 }] },
    'schedule.missed': { schedules: [{ name: 'a', ticks: 1, missed: 2, last_tick: now, next_at: null }] },
    'task.failed': { tasks: [failure] },
    'task.lost': { tasks: [{ ...failure, state: 'outcome_unknown' }] },
    'group.regressed': {
      groups: [
        {
          ...{ group_id: groupId, error_type: 'a', title: 'a <*>', resolved_at: now, regressed_at: now },
          ...{ job_id: jobId, error_record_id: recordId },
        },
      ],
    },
    'group.reopened': {
      groups: [{ group_id: groupId, error_type: 'a', title: 'a <*>', ignored_at: now, reopened_at: now, reason: 'time' }],
    },
    'task.recovered': { tasks: [{ ...run, job_id: jobId, recovered_at: now }] },
  };
  return (Object.keys(eventCatalogue) as EventName[]).map((name) => ({
    subject: subjects.event(name),
    body: data[name] ?? {},
    headers: eventHeaders({ id: randomUUID(), type: eventType(name), source: '/s', subject: jobId, time: now }),
  }));
}
