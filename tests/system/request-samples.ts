import { subjects } from '@kintsugi/contracts';
import { auditSamples } from './audit-samples.js';
import { deadLetterSamples } from './dead-letter-samples.js';
import { jobId, taskId, groupId, recordId, head, now, retryConfig, condition, type Sample } from './sample-parts.js';

/** A sound request of each action. */
export function requestSamples(): Sample[] {
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
    ...auditSamples(),
    ...deadLetterSamples(),
    ...poolSamples().map(([action, body]): Sample => ({ subject: subjects.request('pool', action), body })),
    ...[...webhookSamples(), ...alertSamples()].map(ofMetrics),
    ...scheduleSamples().map(([action, body]) => ofJob(action, body)),
    ...stepSamples().map(([action, body]) => ofJob(action, body)),
    ofJob('checkTasks', { task_ids: [taskId] }),
    ofJob('createChildJob', {
      job_id: jobId,
      task_id: taskId,
      name: '#0',
      with_parent: ['cancel'],
      job: { ...head, tasks: [{}] },
    }),
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
    ...failureSamples(ofRecovery),
    ...[...recoverySamples(), ...policySamples()].map(([action, body]) => ofRecovery(action, body)),
  ];
}

/** Of failures, their groups and what is done about them. */
function failureSamples(ofRecovery: (action: string, body: unknown) => Sample): Sample[] {
  return [
    ofRecovery('forgetFailures', { job_ids: [jobId] }),
    ofRecovery('configureRetry', { error_type: 'a', config: { ...retryConfig, retry_conditions: [condition] } }),
    ofRecovery('analyzeErrors', { error_types: ['smtp.*'], job_ids: [jobId] }),
    ofRecovery('listErrors', { job_id: jobId, group_id: groupId, limit: 5 }),
    ofRecovery('listErrors', { text: 'a', error_type: 'a.*', job_type: 'a', from: now, to: now, label: 'a=b', tenant: 'a' }),
    ofRecovery('getError', { error_record_id: recordId }),
    ofRecovery('listErrorGroups', { limit: 5 }),
    ofRecovery('listGroups', { state: 'open', error_type: 'a', assignee: 'ada', limit: 5 }),
    ofRecovery('getGroup', { group_id: groupId }),
    ofRecovery('listGroupTasks', { job_id: jobId, group_ids: [groupId] }),
    ofRecovery('updateGroup', { group_id: groupId, state: 'ignored', ignored_for_count: 5, note: 'a' }),
    ofRecovery('mergeGroups', { group_ids: [groupId], into_group_id: `grp_${'1'.repeat(32)}` }),
    ofRecovery('splitGroup', { group_id: groupId, by: { kind: 'value', place: 1, values: ['a'] } }),
    ofRecovery('listRetryConfigs', {}),
    ofRecovery('forgetPoolHost', { host: 'east', dry_run: true }),
  ];
}

/** Of recoveries of groups. */
function recoverySamples(): [string, unknown][] {
  const recovery_id = 'rcv_01890a5d-ac96-774b-bcce-b302099a8057';
  return [
    [
      'recoverGroup',
      {
        group_id: groupId,
        filter: { error_type: 'a.*', label: 'a=b', from: now },
        canary: { size: 1, min_success: 1 },
        when: [{ kind: 'approval' }],
      },
    ],
    ['cancelGroupRecovery', { recovery_id }],
    ['approveGroupRecovery', { recovery_id }],
    ['listGroupRecoveries', { group_id: groupId, state: 'canary', limit: 5 }],
    ['getGroupRecovery', { recovery_id }],
    ['listRecoveryItems', { recovery_id, state: 'failed', limit: 5 }],
  ];
}

function stepSamples(): [string, unknown][] {
  return [
    ['listTasks', { job_id: jobId, limit: 5 }],
    ['listSteps', { job_id: jobId, task_id: taskId, limit: 5 }],
    [
      'keepStep',
      {
        ...{ task_id: taskId, worker_id: 'w', fence: 1, attempt: 1, sequence: 0, name: 'a', started_at: 1, took_us: 1 },
        result: '{}',
      },
    ],
  ];
}

/** Of the versions of retry policies, and of what people have run again. */
function policySamples(): [string, unknown][] {
  return [
    ['getRetryConfig', { error_type: 'a' }],
    ['diffRetryConfig', { error_type: 'a', from: 1, to: 2 }],
    ['revertRetry', { error_type: 'a', to: 1 }],
    ['manualRecover', { group_id: groupId, recovery_options: { force: true, custom_params: { a: { b: 1 } }, from_step: 'a' } }],
    ['testRetry', { error: { error_type: 'a', error_message: 'm', labels: { a: 'b' } } }],
  ];
}

function poolSamples(): [string, unknown][] {
  const slot = { slot_id: 'slot_01890a5d-ac96-774b-bcce-b302099a8057' };
  const ofPool = ['detectLongAllocatedSlots', 'detectCorruptedSlots', 'detectOrphanedLocks', 'detectAnomalies'];
  return [
    [
      'createPool',
      { name: 'a', repository_url: 'https://git.example/a', size: 1, branch: 'main', shallow: 1, partial: 'blob:none' },
    ],
    ...['getPool', 'deletePool'].map((action): [string, unknown] => [action, { name: 'a' }]),
    ['listPools', {}],
    ['getSlot', slot],
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

function ofMetrics([action, body]: [string, unknown]): Sample {
  return { subject: subjects.request('metrics', action), body };
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

function alertSamples(): [string, unknown][] {
  const named = ['getAlertCondition', 'testAlertCondition', 'deleteAlertCondition'];
  const started = { startsAt: '2026-01-01T00:00:00Z', endsAt: '0001-01-01T00:00:00Z', fingerprint: 'f' };
  return [
    ['createAlertCondition', { name: 'a', signal: 'jobs_failed', threshold: 5, window_s: 60, type: 'x', summary: 's' }],
    ['updateAlertCondition', { name: 'a', threshold: 6, for_s: 1, notify: [], inhibited_by: ['b'], runbook_url: null }],
    ['listAlertConditions', { limit: 5 }],
    ['listAlerts', { limit: 5, state: 'firing', name: 'a' }],
    ['createAlertSilence', { condition: 'a', subject: 'x', for_s: 60, reason: 'r' }],
    ['deleteAlertSilence', { id: `sil_${'0'.repeat(32)}` }],
    ['listAlertSilences', { limit: 5 }],
    ['takeIncidents', { version: '4', alerts: [{ ...started, status: 'firing', labels: { alertname: 'A' }, annotations: {} }] }],
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
