import { randomUUID } from 'node:crypto';
import { eventCatalogue, eventHeaders, eventType, subjects, type EventName } from '@kintsugi/contracts';
import { auditSamples } from './audit-samples.js';

export interface Sample {
  subject: string;
  body: unknown;
  headers?: Record<string, string>;
}

const chunkId = '01890a5d-ac96-774b-bcce-b302099a8057.0';
const jobId = 'job_01890a5d-ac96-774b-bcce-b302099a8057.0';
const taskId = `task_${chunkId}.0`;
const groupId = `grp_${'0'.repeat(32)}`;
const recordId = `err_${chunkId}.0`;
const head = { product_id: 'p', sending_group_id: 'g', user_id: 'u', type: 'no.such.type', labels: { a: 'b' } };
const run = { task_id: taskId, attempt: 1 };
const now = '2026-01-01T00:00:00.000Z';
const retryConfig = { error_type: 'a', max_attempts: 2, initial_delay: 1, max_delay: 1, backoff_factor: 1 };
const condition = { field: 'error_message', operator: 'in', value: [{ a: [1] }] };

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
    ...auditSamples(),
    ...commandSamples(),
    ...eventSamples(),
  ];
}

function requestSamples(): Sample[] {
  const ofJob = (action: string, body: unknown): Sample => ({ subject: subjects.request('job', action), body });
  const ofRecovery = (action: string, body: unknown): Sample => ({ subject: subjects.request('recovery', action), body });
  const upload = { job_id: 'job_01890a5d-ac96-774b-bcce-b302099a8058', chunks: 1, total_tasks: 1, fingerprint: 'f' };
  return [
    ofJob('createJob', { ...head, tasks: [{ id: 'a', payload: { a: [1] } }] }),
    ofJob('createJobs', { jobs: [{ ...head, tasks: [{ payload: 1 }] }, head] }),
    ofJob('cancelJob', { job_id: jobId }),
    ofJob('pauseJob', { job_id: jobId, stop: true }),
    ofJob('resumeJob', { job_id: jobId }),
    ofJob('setJobPriority', { job_id: jobId, priority: 5 }),
    ofJob('retryJob', { job_id: jobId }),
    ofJob('rerunPartial', { job_id: jobId, states: ['dead'], parameters: { to: 'x' }, dry_run: true }),
    ofJob('updateBatchJob', {
      job_id: jobId,
      status: 'running',
      detailed_status: { progress_percentage: 40 },
      expected_version: 1,
    }),
    ofJob('deleteJobs', { filter: { type: 'none.such' }, limit: 5 }),
    ofJob('deleteJob', { job_id: jobId, force: true }),
    ofJob('getJob', { job_id: jobId }),
    ofJob('explainJob', { job_id: jobId }),
    ...poolSamples().map(([action, body]): Sample => ({ subject: subjects.request('pool', action), body })),
    ...webhookSamples().map(([action, body]): Sample => ({ subject: subjects.request('metrics', action), body })),
    ...scheduleSamples().map(([action, body]) => ofJob(action, body)),
    ofJob('listTasks', { job_id: jobId, limit: 5 }),
    ofJob('checkTasks', { task_ids: [taskId] }),
    ofJob('stageTasks', { job_id: upload.job_id, sequence: 0, tasks: '{}', count: 1 }),
    { subject: subjects.request('job', 'stageTasks'), body: `{"job_id":"${upload.job_id}","sequence":0,"count":1}\n{}` },
    ofJob('commitUpload', { ...upload, job: head }),
    ofJob('abandonUpload', { job_id: upload.job_id }),
    { subject: subjects.request('metrics', 'getJobInfo'), body: { job_id: jobId, include_metrics: true } },
    { subject: subjects.request('metrics', 'getFleet'), body: {} },
    { subject: subjects.request('metrics', 'getJobMetrics'), body: { job_ids: [jobId], interval: '1m' } },
    {
      subject: subjects.request('metrics', 'fetchJobHistory'),
      body: {
        filters: {
          status: ['failed'],
          date_range: { start: now, end: '2027-01-01T00:00:00.000Z' },
          error_types: ['smtp.*'],
          text: 'a',
        },
        pagination: { page: 2, per_page: 5 },
        sort: { field: 'created_at', order: 'asc' },
        aggregations: { success_rate: true, histogram: true },
      },
    },
    {
      subject: subjects.request('metrics', 'listJobs'),
      body: { status: ['failed'], label: 'a=b', created_after: now, limit: 5 },
    },
    { subject: subjects.request('metrics', 'forgetJobs'), body: { job_ids: [jobId] } },
    ofRecovery('forgetFailures', { job_ids: [jobId] }),
    ofRecovery('configureRetry', { error_type: 'a', config: { ...retryConfig, retry_conditions: [condition] } }),
    ofRecovery('analyzeErrors', { error_types: ['smtp.*'], job_ids: [jobId] }),
    ofRecovery('manualRecover', { group_id: groupId, recovery_options: { force: true, custom_params: { a: { b: 1 } } } }),
    ofRecovery('listErrors', { job_id: jobId, group_id: groupId, limit: 5 }),
    ofRecovery('listErrors', { text: 'a', error_type: 'a.*', job_type: 'a', from: now, to: now, label: 'a=b', tenant: 'a' }),
    ofRecovery('getError', { error_record_id: recordId }),
    ofRecovery('listErrorGroups', { limit: 5 }),
    ofRecovery('listGroups', { state: 'open', error_type: 'a', assignee: 'ada', limit: 5 }),
    ofRecovery('getGroup', { group_id: groupId }),
    ofRecovery('updateGroup', { group_id: groupId, state: 'ignored', ignored_for_count: 5, note: 'a' }),
    ofRecovery('mergeGroups', { group_ids: [groupId], into_group_id: `grp_${'1'.repeat(32)}` }),
    ofRecovery('listRetryConfigs', {}),
    ...[...recoverySamples(), ...policySamples()].map(([action, body]) => ofRecovery(action, body)),
  ];
}

/** Of recoveries of groups. */
function recoverySamples(): [string, unknown][] {
  const recovery_id = 'rcv_01890a5d-ac96-774b-bcce-b302099a8057';
  return [
    [
      'recoverGroup',
      { group_id: groupId, filter: { error_type: 'a.*', label: 'a=b', from: now }, canary: { size: 1, min_success: 1 } },
    ],
    ['cancelGroupRecovery', { recovery_id }],
    ['listGroupRecoveries', { group_id: groupId, state: 'canary', limit: 5 }],
    ['getGroupRecovery', { recovery_id }],
    ['listRecoveryItems', { recovery_id, state: 'failed', limit: 5 }],
  ];
}

/** Of the versions of retry policies. */
function policySamples(): [string, unknown][] {
  return [
    ['getRetryConfig', { error_type: 'a' }],
    ['diffRetryConfig', { error_type: 'a', from: 1, to: 2 }],
    ['revertRetry', { error_type: 'a', to: 1 }],
    ['testRetry', { error: { error_type: 'a', error_message: 'm', labels: { a: 'b' } } }],
  ];
}

function poolSamples(): [string, unknown][] {
  const slot = { slot_id: 'slot_01890a5d-ac96-774b-bcce-b302099a8057' };
  const ofPool = ['detectLongAllocatedSlots', 'detectCorruptedSlots', 'detectOrphanedLocks', 'detectAnomalies'];
  return [
    ['createPool', { name: 'a', repository_url: 'https://git.example/a', size: 1, branch: 'main' }],
    ...['getPool', 'deletePool'].map((action): [string, unknown] => [action, { name: 'a' }]),
    ['listPools', {}],
    ['addSlot', { pool: 'a' }],
    ['allocate', { pool: 'a', owner: 'o', purpose: 'p', ref: 'main', lease_s: 5, pid: 2 }],
    ...['heartbeatSlot', 'release'].map((action): [string, unknown] => [action, { ...slot, token: 1 }]),
    ...['removeSlot', 'recoverSlot', 'isolateSlot', 'forceUnlock'].map((action): [string, unknown] => [
      action,
      { ...slot, dry_run: true },
    ]),
    ...[...ofPool, 'autoRecover', 'detectStaleLocks', 'cleanupStaleLocks'].map((action): [string, unknown] => [
      action,
      { pool: 'a' },
    ]),
  ];
}

function webhookSamples(): [string, unknown][] {
  const named = ['getWebhook', 'retryWebhookDeliveries', 'testWebhook', 'deleteWebhook'];
  return [
    ['createWebhook', { name: 'a', url: 'http://hooks.invalid/a', events: ['job.failed'] }],
    ['updateWebhook', { name: 'a', enabled: false, events: ['job.completed'] }],
    ['listWebhooks', { limit: 5 }],
    ['listWebhookDeliveries', { name: 'a', limit: 5 }],
    ...named.map((action): [string, unknown] => [action, { name: 'a' }]),
  ];
}

function scheduleSamples(): [string, unknown][] {
  const named = ['pauseSchedule', 'resumeSchedule', 'triggerSchedule', 'getSchedule', 'deleteSchedule'];
  return [
    [
      'createSchedule',
      { name: 'a', cron: '0 0 1 1 *', time_zone: 'Asia/Tokyo', jitter_s: 1, job: { ...head, tasks: [{ payload: 1 }] } },
    ],
    ['updateSchedule', { name: 'a', every_s: 86_400, overlap: 'queue', catch_up: 'all' }],
    ['listSchedules', { limit: 5 }],
    ...named.map((action): [string, unknown] => [action, { name: 'a' }]),
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
    'task.recovered': { tasks: [{ ...run, job_id: jobId, recovered_at: now }] },
  };
  return (Object.keys(eventCatalogue) as EventName[]).map((name) => ({
    subject: subjects.event(name),
    body: data[name] ?? {},
    headers: eventHeaders({ id: randomUUID(), type: eventType(name), source: '/s', subject: jobId, time: now }),
  }));
}
