export { limits } from './limits.js';
export type { PlatformHealth } from './health/platform-health.js';
export {
  PLAN_SEQUENCE,
  bundledJobId,
  chunkIdOf,
  errorRecordIdOf,
  errorRecordIdOfFault,
  jobIdOf,
  placeOfBundledJob,
  placeOfTask,
  taskIdOf,
  taskIdOfErrorRecord,
  type TaskPlace,
  isWorkerId,
} from './identifiers.js';
export { TRACEPARENT_HEADER, parseTraceparent, traceIdOf } from './trace/traceparent.js';
export { signsOfSecrets, spellingsOf, withoutSecrets } from './without-secrets.js';
export { homeFiles, homeNear } from './access/home-places.js';
export { homeCredentialsSchema, type HomeCredentials } from './access/home-credentials.js';
export {
  ACTOR_HEADER,
  actorSchema,
  doors,
  maySee,
  natsActor,
  databaseActor,
  serviceActor,
  tenantOf,
  workerActor,
  type Actor,
} from './access/actor.js';
export { DEFAULT_TENANT, tenantSchema } from './access/tenant.js';
export { apiKeyIdOf, apiKeyOf, apiKeySchema, type ApiKeyRecord } from './access/api-key.js';
export { apiKeyIdSchema, createKeySchema, keyListSchema, keyViewSchema, statusOfKey } from './access/key-requests.js';
export { madeKeySchema, revokedKeySchema, rotateKeySchema } from './access/key-requests.js';
export type { CreateKey, KeyList, KeyView, MadeApiKey, RevokedKey, RotateKey } from './access/key-requests.js';
export { queryLimitSchema } from './page.js';
export { isTimeZone } from './time-zone.js';
export { jsonBytes, utf8Length } from './utf8-bytes.js';
export { messageTextBytes, splitByBytes } from './split-by-bytes.js';
export { layParamsOver } from './task/lay-params-over.js';
export { problemCatalogue, type ProblemCode } from './problem/problem-catalogue.js';
export { ProblemError, isProblem, shown, type Problem, type ProblemDetail } from './problem/problem.js';
export { oneOf } from './problem/rule-of-issue.js';
export { problemOf, validate } from './problem/validate.js';
export { decodeUtf8, nestsTooDeep, parseJson, parseJsonExactly } from './json/parse-json.js';
export { canonicalJson } from './json/canonical-json.js';
export { jsonHash } from './json/json-hash.js';
export { parseExactly, type InexactNumbers } from './json/inexact-number.js';
export { BodyScan, type BodyShape } from './body/body-scan.js';
export { InlineTasks } from './body/inline-tasks.js';
export { receivedBody, type ReceivedBody } from './body/received-body.js';
export { finishedJobStatuses, isFinished, jobStatuses, type FinishedJobStatus, type JobStatus } from './job/job-status.js';
export {
  STALLED_AFTER_S,
  batchJobSchema,
  jobIdSchema,
  jobTypeSchema,
  type BatchJob,
  type Executor,
  type Labels,
  type ResourceLimits,
  type RetrySettings,
  type RunStats,
} from './job/batch-job.js';
export {
  defineJob,
  isJobDefinition,
  type JobDefinition,
  type PayloadInput,
  type PayloadOutput,
  type ResultInput,
  type ResultOutput,
  type TaskOf,
} from './job/define-job.js';
export type { RetryReceipt } from './job/control-operations.js';
export type { UpdateBatchJob } from './job/external-job.js';
export { asJson, checkJobValue, type CheckedJobValue } from './job/check-job-value.js';
export { liveJobSchema, type LiveJob } from './live/live-job.js';
export {
  intervalMsOf,
  jobMetricNames,
  jobMetricsMax,
  type GetJobMetrics,
  type JobMetricName,
  type JobMetricsAnswer,
  type MetricSeries,
} from './live/job-metrics.js';
export { type Fleet } from './live/fleet.js';
export { liveUrlOf, plainTopics, streamIntervalMs, streamTopicOf, topicsMax, type StreamTopic } from './live/stream-topics.js';
export { sampledJobsMax, usageSampleSchema, type UsageSample } from './worker/usage-sample.js';
export { type JobExplanation, type JobWait, type WaitReason } from './job/job-wait.js';
export {
  catchUps,
  listSchedulesSchema,
  overlaps,
  scheduledJobBytes,
  scheduleNameSchema,
  type CatchUp,
  type Overlap,
  type SchedulePage,
  type ScheduleView,
} from './schedule/schedule.js';
export { alertSignalNames, alertSignals, type AlertSignal, type AlertSignalName } from './alert/alert-signals.js';
export { alertConditionNameSchema, alertSeverities, listAlertConditionsSchema } from './alert/alert-condition.js';
export type { AlertConditionPage, AlertConditionTest, AlertConditionView } from './alert/alert-condition.js';
export { alertNotices, listAlertSilencesSchema, listAlertsSchema, type AlertNotice } from './alert/alert.js';
export type { AlertPage, AlertSilencePage, AlertSilenceView, AlertView } from './alert/alert.js';
export type { Incident, IncidentRecovery, TakenIncidents } from './alert/alert.js';
export { heardWebhookEvents, listWebhooksSchema, mailAddressesOf, webhookEvents } from './webhook/webhook.js';
export { webhookFormats, webhookNameSchema, type WebhookDelivery, type WebhookDeliveryPage } from './webhook/webhook.js';
export type { WebhookEvent, WebhookPage, WebhookTest, WebhookView } from './webhook/webhook.js';
export { allDeadLettersPageSchema, deadLetterIdSchema, deadLetterServices } from './dead-letter/dead-letter.js';
export { listDeadLettersSchema, type DeadLetterPage, type DeadLetterService } from './dead-letter/dead-letter.js';
export type { AllDeadLettersPage, DeadLetterDetails, DeadLetterView } from './dead-letter/dead-letter.js';
export type { ReplayedDeadLetter, ServiceAway } from './dead-letter/dead-letter.js';
export { deadLetterActions } from './dead-letter/dead-letter-actions.js';
export { behindPlace, deadLetterPlaceIn, newestDeadLetters, serviceOfDeadLetter } from './dead-letter/dead-letter-order.js';
export { auditPhases, auditServices, exportAuditSchema, listAuditSchema } from './audit/audit-entry.js';
export type { AuditEntry, AuditExport, AuditHead, AuditPage, AuditPart, AuditPhase, AuditService } from './audit/audit-entry.js';
export { auditActions } from './audit/audit-actions.js';
export { auditRuleOf, auditedThings, type AuditRule } from './audit/audit-rules.js';
export type { CreatedJobs } from './job/create-jobs.js';
export { dependenciesOf, type GivenDependencies, type JobDependency } from './job/job-dependencies.js';
export type { Concurrency, RateLimit, Unique } from './job/job-keys.js';
export { isPreview, type CreateJobAnswer, type JobPreview, type PreviewRule } from './job/job-preview.js';
export { JOB_ABORTED, JOB_DEADLINE, abortedError, deadlineError, dependencyError } from './job/job-error.js';
export {
  poolNameSchema,
  slotIdSchema,
  slotStates,
  slotsMax,
  type AutoRecoveryReport,
  type PoolAnomalies,
  type PoolView,
  type SlotRecovery,
  type SlotState,
  type SlotView,
} from './pool/pool.js';
export { poolHostReportSchema, poolHostSchema, type HostAway, type PoolHostReport } from './pool/pool-host.js';
export { recoveryStrategies, recoveryStrategyNames } from './pool/recovery-strategies.js';
export { withoutGaps } from './without-gaps.js';
export { queueNeededBy, withWaits } from './job/waiting-reason.js';
export type { WedgeMark } from './job/wedge-mark.js';
export {
  fetchJobHistorySchema,
  historyReachMax,
  historyGroupFields,
  historySortFields,
  historyTotalMax,
  type FetchJobHistory,
  type HistoryAggregations,
  type JobHistoryPage,
} from './job/job-history.js';
export {
  createJobSchema,
  idempotencyKeySchema,
  jobHeadSchema,
  listJobsSchema,
  type CommitUpload,
  type CreateJob,
  type CreateJobInput,
  type JobHead,
  type JobInfo,
  type JobPage,
  type JobReceipt,
  type StageTasks,
} from './job/job-requests.js';
export { rerunPartialSchema, type RerunCondition, type RerunPartial, type RerunPlan } from './job/partial-rerun.js';
export { listStepsSchema, stepNameSchema, type KeepStep, type Step, type StepPage } from './task/step.js';
export { listTasksSchema, type Task, type TaskPage } from './task/task.js';
export {
  brokenTaskStates,
  dependencyFailureRules,
  endedTaskStates,
  everyCount,
  safetyClasses,
  taskStateLetters,
  taskStates,
  type DependencyFailureRule,
  type SafetyClass,
  type TaskCounts,
  type TaskState,
} from './task/task-state.js';
export { DEPENDENCY_FAILED, TaskDependencies, parentIdsIn } from './task/task-dependencies.js';
export {
  duplicateTaskProblem,
  faultsOfTask,
  parseTaskLine,
  taskInputSchema,
  taskLineOf,
  taskProblem,
  tooManyTasksProblem,
  type TaskInput,
} from './task/task-input.js';
export {
  recoveryStatuses,
  listErrorGroupsSchema,
  listErrorsSchema,
  type ErrorGroup,
  type ErrorGroupList,
  type ErrorPage,
  type ErrorRecord,
  type FailedRun,
  type ManualRecover,
  type RecoveryReceipt,
  type RecoveryStatus,
} from './recovery/error-record.js';
export { workerVersionSchema, type RunFacts } from './task/run-facts.js';
export { isErrorTypePattern, matchesErrorType } from './recovery/error-type-pattern.js';
export type { FailureAnalysis } from './recovery/failure-analysis.js';
export { getGroupSchema, groupStates, listGroupsSchema } from './recovery/failure-group.js';
export type { FailureGroup, GroupDetails, GroupPage, GroupState } from './recovery/failure-group.js';
export type { GroupSplit, SplitFrom } from './recovery/group-split.js';
export { getGroupRecoverySchema, groupRecoveryStates, listGroupRecoveriesSchema } from './recovery/group-recovery.js';
export { listRecoveryItemsSchema, recoveryItemStates, type RecoveryItemState } from './recovery/group-recovery.js';
export type { GroupRecovery, GroupRecoveryAnswer, GroupRecoveryPage, GroupRecoveryPlan } from './recovery/group-recovery.js';
export type { GroupRecoveryState, RecoverGroup, RecoveryFilter, RecoveryItemPage } from './recovery/group-recovery.js';
export { compareCondition, comparingOperators, type ComparingOperator } from './recovery/compare-condition.js';
export type { RecoveryCondition, RecoveryWait } from './recovery/recovery-wait.js';
export { conditionOperators, getRetryConfigSchema, jitters, retryConfigSchema, ruleActions } from './recovery/retry-config.js';
export type { Jitter, ListedRetryConfig, RetryCondition, RetryConfig, RetryRule, RuleAction } from './recovery/retry-config.js';
export type { RetryConfigDetails, RetryConfigDiff, RetryConfigVersion } from './recovery/retry-config.js';
export type { RetryTrial } from './recovery/retry-trial.js';
export type { DiscardTasks, DeferTasks, RetryTasks, RequeueTasks } from './recovery/recovery-commands.js';
export type { TaskStatus } from './recovery/task-status.js';
export {
  TASK_TIMEOUT,
  PLAN_QUEUE_PREFIX,
  decodeWork,
  encodeWork,
  queueSchema,
  planQueueOf,
  typeOfQueue,
  type WorkHeader,
} from './worker/work-slice.js';
export {
  leaseOutcomeSchema,
  outcomeReportSchema,
  taskFailureSchema,
  type LeaseOutcome,
  type OutcomeReceipt,
  type OutcomeReport,
  type TaskFailure,
} from './worker/outcome-report.js';
export { AwakeTime } from './awake-time.js';
export { beatSchema, inventorySchema, type Beat, type Inventory, type WorkerControl } from './worker/worker-notices.js';
export { eventHeaders, readEventHeaders, type EventAttributes } from './event/event-envelope.js';
export { endingEvents, eventCatalogue, eventNameOf, eventType } from './event/event-catalogue.js';
export type {
  EventData,
  EventInput,
  EventName,
  JobEnding,
  JobEndingInput,
  ChunkEventName,
  CreatedJob,
} from './event/event-catalogue.js';
export type { JobHeadInput, FailedTask, JobFault, JobWedge, LostTask } from './event/event-catalogue.js';
export {
  REPLY_TO_HEADER,
  REQUEST_ID_HEADER,
  actionOf,
  commandOf,
  isReplySubject,
  subjects,
  type ServiceToken,
} from './subjects.js';
export type { EventOfJob, JobEventName } from './event/event-of-job.js';
export {
  consumers,
  streams,
  type ConsumerDefinition,
  type ConsumerName,
  type StreamDefinition,
  type StreamName,
} from './streams.js';
export { commands, type CommandData, type CommandName, type TaskCommandName } from './commands.js';
export { isAtLeast, roles, type Operation, type Role } from './operation.js';
export {
  answerTimeoutMs,
  isAct,
  operations,
  type ActionInput,
  type ActionName,
  type ActionRequest,
  type ActionResponse,
} from './operations.js';
export { deletedAtOnceMax, deletedTogetherMax, type JobDeletion, type JobDeletions } from './job/job-deletion.js';
export { checkedJobsMax, digestOfJobs, jobVersion, uuidBoundOf, type JobVersion } from './job/job-comparison.js';
export { requestBodyOf, requestBytesOf, requestFrom } from './request-body.js';
export { commandTaskSchema, executeCli, type CommandResult, type CommandTask } from './task/command-task.js';
export { httpRequest, type HttpResult, type HttpTask } from './task/http-task.js';
export { bytesOfPart, logBatchSchema, logIdOf, logIdSchema, runsPerBatch, unpackedBytesOf } from './log/log-batch.js';
export type { LogBatch, LogPart, LogReceipt, LogRun } from './log/log-batch.js';
export { groupedBytesMin, groupHead, linePrefix, logLevels, logStreams, parseGroupHead, parseLine } from './log/log-line.js';
export type { LineGroup, LogLevel, LogStream, StoredLogLine } from './log/log-line.js';
export { logFilterShape, readJobLogSchema, type LogLine, type LogPage, type LogText } from './log/log-operations.js';
