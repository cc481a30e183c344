import { alertExamples } from './alert-examples.js';
import { deadLetterExamples } from './dead-letter-examples.js';
import type { ActionInput } from '@kintsugi/contracts';
import type { EndpointAction } from '../operations/domain/operation-request.js';
import { poolExamples } from './pool-examples.js';

const uuid = '01890a5d-ac96-774b-bcce-b302099a8057';

export const exampleJobId = `job_${uuid}`;
export const exampleScheduleName = 'nightly-digest';
export const exampleWebhookName = 'on-call';
export const exampleErrorRecordId = `err_${uuid}.0.17`;
export const exampleGroupRecoveryId = `rcv_${uuid}`;
export const exampleGroupId = `grp_${'0123456789abcdef'.repeat(2)}`;

/** One good request of each action that has an endpoint, as the documentation shows it. A test holds them to the contracts. */
export const exampleData: { [Action in EndpointAction]: ActionInput<Action> } = {
  createJob: {
    product_id: 'newsletter',
    sending_group_id: 'spring-2026',
    type: 'smtp.send',
    priority: 7,
    max_parallel_tasks: 50,
    concurrency: { key: 'smtp.example.com', limit: 10 },
    rate_limit: { key: 'smtp.example.com', per_second: 20, burst: 40 },
    unique: { key: 'spring-2026', on_conflict: 'return' },
    idempotency_key: 'spring-2026-first-run',
    tasks: [
      { id: 'ada', payload: { to: 'ada@example.com' } },
      { id: 'grace', payload: { to: 'grace@example.com' } },
    ],
  },
  createJobs: {
    jobs: ['ada', 'grace'].map((name) => ({
      product_id: 'newsletter',
      sending_group_id: 'welcome',
      type: 'smtp.send',
      idempotency_key: `welcome-${name}`,
      tasks: [{ payload: { to: `${name}@example.com` } }],
    })),
  },
  cancelJob: { job_id: exampleJobId },
  pauseJob: { job_id: exampleJobId, stop: true },
  resumeJob: { job_id: exampleJobId },
  setJobPriority: { job_id: exampleJobId, priority: 9 },
  updateBatchJob: {
    job_id: exampleJobId,
    status: 'running',
    detailed_status: { current_phase: 'rendering', progress_percentage: 40, active_tasks: 8, error_count: 1 },
    expected_version: 3,
  },
  deleteJob: { job_id: exampleJobId, force: true },
  deleteJobs: { filter: { type: 'smtp.send', status: ['completed'] }, dry_run: true },
  retryJob: { job_id: exampleJobId },
  rerunPartial: { job_id: exampleJobId, error_types: ['smtp.*'], dry_run: true },
  getJobInfo: {
    job_id: exampleJobId,
    include_metrics: true,
    include_task_details: true,
    task_details: { state: 'dead', limit: 20 },
  },
  getFleet: {},
  getJobMetrics: { job_ids: [exampleJobId], metrics: ['cpu', 'throughput'], interval: '1m' },
  fetchJobHistory: {
    filters: { status: ['failed'], error_types: ['smtp.*'] },
    pagination: { page: 1, per_page: 20 },
    sort: { field: 'created_at', order: 'desc' },
    aggregations: { success_rate: true, avg_duration: true, error_rate: true },
  },
  createSchedule: {
    name: exampleScheduleName,
    cron: '30 2 * * *',
    time_zone: 'Europe/Berlin',
    overlap: 'queue',
    job: { product_id: 'newsletter', sending_group_id: 'digest', type: 'digest.send', tasks: [{ payload: { list: 'all' } }] },
  },
  updateSchedule: { name: exampleScheduleName, jitter_s: 300 },
  pauseSchedule: { name: exampleScheduleName },
  resumeSchedule: { name: exampleScheduleName },
  triggerSchedule: { name: exampleScheduleName },
  deleteSchedule: { name: exampleScheduleName },
  createWebhook: {
    name: exampleWebhookName,
    url: 'https://hooks.example.com/kintsugi',
    events: ['job.failed', 'group.regressed'],
  },
  updateWebhook: { name: exampleWebhookName, events: ['job.failed'], enabled: true },
  testWebhook: { name: exampleWebhookName },
  retryWebhookDeliveries: { name: exampleWebhookName },
  deleteWebhook: { name: exampleWebhookName },
  ...alertExamples,
  ...deadLetterExamples,
  configureRetry: {
    error_type: 'smtp.451',
    config: {
      error_type: 'smtp.451',
      max_attempts: 6,
      initial_delay: 5,
      max_delay: 600,
      backoff_factor: 2,
      retry_conditions: [{ field: 'attempt', operator: 'lt', value: 6 }],
    },
  },
  updateGroup: { group_id: exampleGroupId, state: 'acknowledged', assignee: 'ada', note: 'The relay of Tuesday.' },
  recoverGroup: {
    group_id: exampleGroupId,
    canary: { size: 5, min_success: 0.8 },
    rate_per_second: 10,
    recovery_options: { custom_params: { domain: 'example.com' } },
  },
  approveGroupRecovery: { recovery_id: exampleGroupRecoveryId },
  cancelGroupRecovery: { recovery_id: exampleGroupRecoveryId },
  mergeGroups: { group_ids: [`grp_${'0'.repeat(32)}`], into_group_id: exampleGroupId },
  splitGroup: { group_id: exampleGroupId, by: { kind: 'value', place: 1, values: ['mx2.example.com'] } },
  revertRetry: { error_type: 'smtp.451' },
  diffRetryConfig: { error_type: 'smtp.451' },
  testRetry: { error: { error_type: 'smtp.451', error_message: 'greylisted', attempt: 2 } },
  unsetRetry: { error_type: 'smtp.451' },
  analyzeErrors: { period: { start: '2026-11-01T00:00:00Z', end: '2026-12-01T00:00:00Z' }, error_types: ['smtp.*'] },
  ...poolExamples,
  manualRecover: { error_record_id: exampleErrorRecordId, recovery_options: { custom_params: { to: 'ada@example.com' } } },
};

export const exampleUpload = [
  '{"action":"createJob","data":{"product_id":"newsletter","sending_group_id":"spring-2026","type":"smtp.send"}}',
  '{"id":"ada","payload":{"to":"ada@example.com"}}',
  '{"id":"grace","payload":{"to":"grace@example.com"}}',
  '',
].join('\n');
