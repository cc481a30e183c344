import type { ActionName } from '../operations.js';

/** What a change is about, and how it is seen before and after: the read that shows it, and the fields that are kept of its answer. */
export interface AuditedThing {
  look: ActionName;
  /** The field of that read's request that names it. */
  key: string;
  /** No text that somebody has written freely: a payload may have found its way into it. */
  fields: readonly string[];
}

const deadLetterFields = ['tenant', 'kind', 'name', 'reader', 'reason', 'state', 'replays'] as const;

const scheduleFields = [
  'tenant',
  'user_id',
  'cron',
  'every_s',
  'time_zone',
  'catch_up',
  'overlap',
  'jitter_s',
  'paused',
] as const;

export const auditedThings = {
  job: {
    look: 'getJob',
    key: 'job_id',
    fields: ['tenant', 'type', 'status', 'priority', 'total_tasks', 'retry_count', 'original_job_id', 'version'],
  },
  schedule: { look: 'getSchedule', key: 'name', fields: scheduleFields },
  webhook: { look: 'getWebhook', key: 'name', fields: ['tenant', 'user_id', 'events', 'enabled', 'disabled_reason'] },
  condition: {
    look: 'getAlertCondition',
    key: 'name',
    fields: [
      ...['tenant', 'user_id', 'signal', 'type', 'fires', 'threshold', 'clear_at', 'for_s', 'clear_for_s', 'window_s'],
      ...['at_least', 'objective', 'severity', 'notify', 'inhibited_by', 'enabled'],
    ],
  },
  pool: { look: 'getPool', key: 'name', fields: ['name', 'size'] },
  policy: { look: 'getRetryConfig', key: 'error_type', fields: ['holds'] },
  group: {
    look: 'getGroup',
    key: 'group_id',
    fields: ['tenant', 'error_type', 'state', 'assignee', 'count', 'merged_group_ids', 'split_group_ids'],
  },
  recovery: { look: 'getGroupRecovery', key: 'recovery_id', fields: ['group_id', 'state'] },
  jobDeadLetter: { look: 'getJobDeadLetter', key: 'id', fields: deadLetterFields },
  recoveryDeadLetter: { look: 'getRecoveryDeadLetter', key: 'id', fields: deadLetterFields },
  metricsDeadLetter: { look: 'getMetricsDeadLetter', key: 'id', fields: deadLetterFields },
  error: {
    look: 'getError',
    key: 'error_record_id',
    fields: ['tenant', 'job_id', 'task_id', 'error_type', 'recovery_status', 'retry_count'],
  },
} as const satisfies Record<string, AuditedThing>;

export interface AuditRule {
  /** Left out where it is about many things at once. */
  thing?: keyof typeof auditedThings;
  /** The fields of the request that name what it is about: the first that is there. */
  named: readonly string[];
  /** Fields of the request that are kept. */
  given: readonly string[];
  /** Fields of the answer that are kept beside. */
  told?: readonly string[];
  /** The field of the answer that names what it was about, where the request does not. */
  about?: string;
  /** The request changes nothing where this field of it, or of its job, is true. */
  dry?: 'dry_run' | 'validate_only';
  /** Workers ask it for each of their tasks, of which the record of the job tells: what they do by themselves is in no entry. */
  ofPeople?: true;
}

/** How each action is audited that changes something at somebody's word. */
export const auditRules = {
  commitUpload: { thing: 'job', named: ['job_id'], given: ['total_tasks'], told: ['job_id', 'replayed'], dry: 'validate_only' },
  cancelJob: { thing: 'job', named: ['job_id'], given: [] },
  pauseJob: { thing: 'job', named: ['job_id'], given: ['stop'] },
  resumeJob: { thing: 'job', named: ['job_id'], given: [] },
  setJobPriority: { thing: 'job', named: ['job_id'], given: ['priority'] },
  updateBatchJob: { thing: 'job', named: ['job_id'], given: ['status', 'expected_version'] },
  rerunPartial: {
    ...{ thing: 'job', named: ['job_id'], told: ['run'], dry: 'dry_run' },
    given: ['states', 'error_types', 'only_failed', 'include_downstream', 'include_upstream', 'definition', 'reuse'],
  },
  retryJob: { thing: 'job', named: ['job_id'], given: [], told: ['job_id', 'retry_count'] },
  deleteJob: { thing: 'job', named: ['job_id'], given: ['force'], told: ['status'] },
  deleteJobs: { named: [], given: ['limit'], told: ['deleting'], about: 'job_ids', dry: 'dry_run' },
  createSchedule: { thing: 'schedule', named: ['name'], given: [] },
  updateSchedule: { thing: 'schedule', named: ['name'], given: [] },
  pauseSchedule: { thing: 'schedule', named: ['name'], given: [] },
  resumeSchedule: { thing: 'schedule', named: ['name'], given: [] },
  triggerSchedule: { thing: 'schedule', named: ['name'], given: [], told: ['job_id', 'replayed'] },
  deleteSchedule: { thing: 'schedule', named: ['name'], given: [] },
  createWebhook: { thing: 'webhook', named: ['name'], given: [] },
  updateWebhook: { thing: 'webhook', named: ['name'], given: ['events', 'enabled'] },
  deleteWebhook: { thing: 'webhook', named: ['name'], given: [] },
  testWebhook: { thing: 'webhook', named: ['name'], given: [], told: ['delivered', 'status'] },
  retryWebhookDeliveries: { thing: 'webhook', named: ['name'], given: [], told: ['retried'] },
  configureRetry: { thing: 'policy', named: ['error_type'], given: [], told: ['version'] },
  unsetRetry: { thing: 'policy', named: ['error_type'], given: [], told: ['version'] },
  revertRetry: { thing: 'policy', named: ['error_type'], given: ['to'], told: ['version'] },
  manualRecover: {
    ...{ thing: 'error', named: ['error_record_id', 'group_id'], given: ['job_id'] },
    told: ['accepted', 'refused_count'],
  },
  recoverGroup: { thing: 'group', named: ['group_id'], given: ['canary', 'rate_per_second', 'when'], dry: 'dry_run' },
  approveGroupRecovery: { thing: 'recovery', named: ['recovery_id'], given: [] },
  cancelGroupRecovery: { thing: 'recovery', named: ['recovery_id'], given: [] },
  updateGroup: {
    ...{ thing: 'group', named: ['group_id'] },
    given: ['state', 'ignored_until', 'ignored_for_count', 'assignee'],
  },
  createAlertCondition: { thing: 'condition', named: ['name'], given: [] },
  updateAlertCondition: { thing: 'condition', named: ['name'], given: ['threshold', 'for_s', 'enabled'] },
  deleteAlertCondition: { thing: 'condition', named: ['name'], given: [] },
  testAlertCondition: { thing: 'condition', named: ['name'], given: [] },
  createAlertSilence: { named: ['condition'], given: ['for_s'], told: ['id'] },
  deleteAlertSilence: { named: ['id'], given: [] },
  takeIncidents: { named: [], given: ['version'] },
  replayJobDeadLetter: { thing: 'jobDeadLetter', named: ['id'], given: [], told: ['outcome', 'repeated'] },
  replayRecoveryDeadLetter: { thing: 'recoveryDeadLetter', named: ['id'], given: [], told: ['outcome', 'repeated'] },
  replayMetricsDeadLetter: { thing: 'metricsDeadLetter', named: ['id'], given: [], told: ['outcome', 'repeated'] },
  discardJobDeadLetter: { thing: 'jobDeadLetter', named: ['id'], given: [] },
  discardRecoveryDeadLetter: { thing: 'recoveryDeadLetter', named: ['id'], given: [] },
  discardMetricsDeadLetter: { thing: 'metricsDeadLetter', named: ['id'], given: [] },
  createPool: { thing: 'pool', named: ['name'], given: ['size'] },
  deletePool: { thing: 'pool', named: ['name'], given: ['force'], told: ['slots'], dry: 'dry_run' },
  forgetPoolHost: { named: ['host'], given: [], told: ['pools'], dry: 'dry_run' },
  addSlot: { named: ['pool'], given: [], told: ['slot_id', 'state'] },
  removeSlot: { named: ['slot_id'], given: ['force'], dry: 'dry_run' },
  allocate: { named: ['pool'], given: ['owner', 'lease_s'], told: ['slot_id', 'state'], ofPeople: true },
  release: { named: ['slot_id'], given: ['force', 'depth'], told: ['state'], dry: 'dry_run', ofPeople: true },
  recoverSlot: { named: ['slot_id'], given: ['force'], told: ['success', 'outcome'], dry: 'dry_run', ofPeople: true },
  isolateSlot: { named: ['slot_id'], given: [], told: ['state'], dry: 'dry_run', ofPeople: true },
  autoRecover: {
    ...{ named: [], given: ['strategy'], dry: 'dry_run' },
    told: ['long_allocated_released', 'corrupted_recovered', 'corrupted_isolated', 'orphaned_locks_cleaned'],
  },
  cleanupStaleLocks: { named: [], given: [], told: ['count'], dry: 'dry_run' },
  forceUnlock: { named: ['slot_id'], given: [], told: ['unlocked'], dry: 'dry_run' },
  splitGroup: { thing: 'group', named: ['group_id'], given: ['by'] },
  mergeGroups: { thing: 'group', named: ['into_group_id'], given: ['group_ids'] },
} as const satisfies Partial<Record<ActionName, AuditRule>>;

/** Those that change something and are not audited so, and why. */
export const notAudited: Partial<Record<ActionName, string>> = {
  createJob: 'Jobs that come in are audited by their record: who made them stands in it, and all of one moment are one entry.',
  createJobs: 'As createJob.',
  createChildJob: 'As createJob.',
  keepStep: 'It is told by a worker of its own run.',
  stageTasks: 'A step of an upload, of which commitUpload tells, or of a plan that a worker makes.',
  abandonUpload: 'Nothing was accepted yet.',
  forgetJobs: 'A step of deleteJob.',
  forgetFailures: 'A step of deleteJob.',
  heartbeatSlot: 'A sign of life of whoever has the slot.',
  keepAudit: 'It is itself a step of writing the audit.',
  listJobAudit: 'It only reads, which of the audit only admins may.',
  listRecoveryAudit: 'As listJobAudit.',
  listMetricsAudit: 'As listJobAudit.',
  exportJobAudit: 'As listJobAudit.',
  exportRecoveryAudit: 'As listJobAudit.',
  exportMetricsAudit: 'As listJobAudit.',
};

/** How an action is audited; null where it changes nothing, or is not audited by itself. */
export function auditRuleOf(action: string): AuditRule | null {
  return Object.hasOwn(auditRules, action) ? auditRules[action as keyof typeof auditRules] : null;
}
