import type { MetricDefinition } from './metric-definition.js';
import { metricsServiceMetrics } from './metrics-of-metrics-service.js';

const runSeconds = [0.005, 0.025, 0.1, 0.25, 1, 2.5, 10, 30, 60, 300, 1800, 7200];
const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const job = ['job-service'] as const;
const recovery = ['recovery-service'] as const;
const pool = ['pool-agent'] as const;
const everyService = ['job-service', 'recovery-service', 'metrics-service', 'pool-agent', 'gateway'] as const;

/**
 * Every metric, once. Counters of an event are kept by the one process that writes the event's state. Labels are bounded;
 * ids are never labels.
 */
export const metricCatalogue = {
  kintsugi_jobs_accepted_total: { kind: 'counter', help: 'Jobs accepted.', labels: ['type'], emittedBy: job },
  kintsugi_jobs_finished_total: {
    kind: 'counter',
    help: 'Jobs that ended, by state.',
    labels: ['type', 'status'],
    emittedBy: job,
  },
  kintsugi_tasks_accepted_total: {
    kind: 'counter',
    help: 'Tasks accepted, those of a planned job when its plan is done.',
    labels: ['type'],
    emittedBy: job,
  },
  kintsugi_tasks_finished_total: {
    kind: 'counter',
    help: 'Tasks that reached a final state; planning is none, and a task that is run again afterwards reaches another.',
    labels: ['type', 'state'],
    emittedBy: job,
  },
  kintsugi_attempts_total: {
    kind: 'counter',
    help: 'Runs of tasks that ended, by outcome: succeeded, failed, lost, returned, cancelled.',
    labels: ['type', 'outcome'],
    emittedBy: job,
  },
  kintsugi_attempt_seconds: {
    kind: 'histogram',
    help: 'Run time of attempts that succeeded or failed.',
    labels: ['type', 'outcome'],
    emittedBy: job,
    buckets: runSeconds,
  },
  kintsugi_task_wait_seconds: {
    kind: 'histogram',
    help: 'From acceptance, or the time before which it was not to run, to the start of the first run.',
    labels: ['type'],
    emittedBy: job,
    buckets: runSeconds,
  },
  kintsugi_task_outcome_seconds: {
    kind: 'histogram',
    help: 'From acceptance to success, retries included.',
    labels: ['type'],
    emittedBy: job,
    buckets: runSeconds,
  },
  kintsugi_queue_tasks: {
    kind: 'gauge',
    help: 'Tasks of unfinished jobs, by state.',
    labels: ['type', 'state'],
    emittedBy: job,
  },
  kintsugi_queue_oldest_ready_age_seconds: {
    kind: 'gauge',
    help: 'Time since the acceptance of the oldest task that could run and does not: the best single sign of lag. Jobs that are paused do not count.',
    labels: ['type'],
    emittedBy: job,
  },
  kintsugi_queue_workers: {
    kind: 'gauge',
    help: 'Workers that run tasks of a type and are not draining; 0 for a type with tasks that wait and nobody to run them.',
    labels: ['type'],
    emittedBy: job,
  },
  kintsugi_consumer_pending: {
    kind: 'gauge',
    help: 'Messages of a stream that its reader has not been given yet.',
    labels: ['stream', 'consumer'],
    emittedBy: job,
  },
  kintsugi_consumer_unacknowledged: {
    kind: 'gauge',
    help: 'Messages that a reader was given and has not acknowledged.',
    labels: ['stream', 'consumer'],
    emittedBy: job,
  },
  kintsugi_consumer_redelivered: {
    kind: 'gauge',
    help: 'Messages that a reader was given more than once and has not acknowledged.',
    labels: ['stream', 'consumer'],
    emittedBy: job,
  },
  kintsugi_schedule_ticks_total: {
    kind: 'counter',
    help: 'Ticks of schedules by what became of them: runs made a job, skipped did not while the one before was under way, missed had nobody to keep them.',
    labels: ['outcome'],
    emittedBy: job,
  },
  kintsugi_schedule_lag_seconds: {
    kind: 'histogram',
    help: 'From a tick, jitter and all, to its job.',
    labels: [],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 60, 600, 3600],
    emittedBy: job,
  },
  kintsugi_retention_deletions_total: {
    kind: 'counter',
    help: 'Jobs that were deleted because their time was up, or because all together took too much.',
    labels: [],
    emittedBy: job,
  },
  kintsugi_webhook_messages_total: {
    kind: 'counter',
    help: 'Tries of messages to webhooks by outcome: delivered, failed, or dead where it was the last.',
    labels: ['outcome'],
    emittedBy: ['metrics-service'],
  },
  kintsugi_workers: { kind: 'gauge', help: 'Workers that beat, by state: up or draining.', labels: ['state'], emittedBy: job },
  kintsugi_worker_slots: {
    kind: 'gauge',
    help: 'Tasks that the workers can run at once: used and free.',
    labels: ['state'],
    emittedBy: job,
  },
  kintsugi_workers_lost_total: { kind: 'counter', help: 'Workers taken for lost.', labels: [], emittedBy: job },
  kintsugi_worker_introductions_refused_total: {
    kind: 'counter',
    help: 'Inventories of unknown workers that were not taken in, by reason: no_answer, too_many_at_once, no_room.',
    labels: ['reason'],
    emittedBy: job,
  },
  kintsugi_fencing_rejections_total: {
    kind: 'counter',
    help: 'Results refused because their lease had passed on; a repeat of a recorded result is none.',
    labels: [],
    emittedBy: job,
  },
  kintsugi_jobs_outsized_total: {
    kind: 'counter',
    help: 'Jobs of which one task may use more than any worker of its type has.',
    labels: ['type'],
    emittedBy: job,
  },
  kintsugi_wedges: {
    kind: 'gauge',
    help: 'Things for which jobs cannot end as it stands, by reason: NO_WORKER, RESOURCES, CIRCLE, PAUSED.',
    labels: ['reason'],
    emittedBy: job,
  },
  kintsugi_write_conflicts_total: {
    kind: 'counter',
    help: 'Conditional writes that found another state than expected.',
    labels: [],
    emittedBy: job,
  },
  kintsugi_reconcile_repairs_total: {
    kind: 'counter',
    help: 'Things that the reconciler put right, by kind.',
    labels: ['kind'],
    emittedBy: job,
  },
  kintsugi_outbox_pending: { kind: 'gauge', help: 'Events written but not yet taken by the broker.', labels: [], emittedBy: job },
  kintsugi_dead_letters_total: {
    kind: 'counter',
    help: 'Commands and events that could not be handled and were kept as dead letters, by reason.',
    labels: ['reason'],
    emittedBy: ['job-service', 'recovery-service', 'metrics-service'],
  },
  kintsugi_failures_total: { kind: 'counter', help: 'Failures recorded.', labels: ['error_type'], emittedBy: recovery },
  kintsugi_retries_total: { kind: 'counter', help: 'Retries scheduled.', labels: ['error_type'], emittedBy: recovery },
  kintsugi_discards_total: {
    kind: 'counter',
    help: 'Tasks given up, by the step of the decision.',
    labels: ['error_type', 'step'],
    emittedBy: recovery,
  },
  kintsugi_recoveries_total: { kind: 'counter', help: 'Failures healed, by method.', labels: ['method'], emittedBy: recovery },
  kintsugi_group_recoveries_total: {
    kind: 'counter',
    help: 'Recoveries of groups that have ended, by how: completed, stopped by themselves or cancelled.',
    labels: ['state'],
    emittedBy: recovery,
  },
  kintsugi_retry_lag_seconds: {
    kind: 'histogram',
    help: 'How late a retry was started after it was due.',
    labels: [],
    emittedBy: recovery,
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300],
  },
  kintsugi_recovery_slots_released_total: {
    kind: 'counter',
    help: 'Slots taken from owners that had them for too long.',
    labels: [],
    emittedBy: pool,
  },
  kintsugi_recovery_slots_recovered_total: {
    kind: 'counter',
    help: 'Corrupted slots that are sound again.',
    labels: [],
    emittedBy: pool,
  },
  kintsugi_recovery_slots_isolated_total: {
    kind: 'counter',
    help: 'Corrupted slots that could not be repaired.',
    labels: [],
    emittedBy: pool,
  },
  kintsugi_recovery_locks_cleaned_total: {
    kind: 'counter',
    help: 'Locks of slots that nobody held.',
    labels: [],
    emittedBy: pool,
  },
  kintsugi_pool_slots: { kind: 'gauge', help: 'Slots of pools, by state.', labels: ['state'], emittedBy: pool },
  ...metricsServiceMetrics,
  kintsugi_gateway_places_held: {
    kind: 'gauge',
    help: 'Uploads and event streams under way, by kind.',
    labels: ['kind'],
    emittedBy: ['gateway'],
  },
  kintsugi_gateway_places_refused_total: {
    kind: 'counter',
    help:
      'Uploads and event streams that were refused or ended, by kind and reason: full (all places taken, and the caller has its share), ' +
      'share (ended for a caller with fewer), slow (ended because the other side did not keep up).',
    labels: ['kind', 'reason'],
    emittedBy: ['gateway'],
  },
  kintsugi_escaped_faults_total: {
    kind: 'counter',
    help: 'Faults that nobody expected and a boundary held back, by where they came up; each is a bug, and is logged.',
    labels: ['kind'],
    emittedBy: everyService,
  },
  kintsugi_ready: {
    kind: 'gauge',
    help: 'Whether a process can do its work: 1 or 0 for each thing that it needs, and for the service itself while it starts or stops.',
    labels: ['check'],
    emittedBy: everyService,
  },
  kintsugi_label_overflow_total: {
    kind: 'counter',
    help: 'Times that a label had more values than a metric keeps apart, and one was counted as _other.',
    labels: [],
    emittedBy: everyService,
  },
  kintsugi_log_lines_lost_total: {
    kind: 'counter',
    help: 'Lines of the log that could not be written: the disk is full, or whoever reads it is gone.',
    labels: [],
    emittedBy: everyService,
  },
  http_server_request_duration_seconds: {
    kind: 'histogram',
    help: 'Duration of HTTP requests.',
    labels: ['http_request_method', 'http_response_status_code', 'http_route'],
    emittedBy: ['gateway'],
    buckets: requestSeconds,
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof metricCatalogue;
