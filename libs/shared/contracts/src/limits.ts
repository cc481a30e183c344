/** Every bound that a caller can run into. A bound is named in the problem that refuses what exceeds it. */
export const limits = {
  /** Tasks of one job. */
  tasksPerJob: 1_000_000,
  /** Tasks that travel and are stored together. */
  tasksPerChunk: 256,
  /** UTF-8 bytes of one chunk's task lines; in a JSON message each of them may become two. */
  chunkBytes: 480 * 1024,
  /** Bytes of one message between processes, its headers included. Only a JSON body on its way, and an answer, may be larger. */
  messageBytes: 1024 * 1024,
  /** UTF-8 bytes of one task as JSON. */
  taskBytes: 256 * 1024,
  /** Dependencies among the tasks of one job: each id in each depends_on. */
  dependenciesPerJob: 100_000,
  /** Jobs that one job may wait for. */
  awaitedJobs: 1_000,
  /** Words that select tasks for a rerun, of each kind. */
  rerunSelectors: 1_000,
  /** Tasks of a job that groups of failures select for a rerun. */
  rerunGroupTasks: 10_000,
  /** Tasks given inline in one JSON body; more of them go up as NDJSON. */
  inlineTasks: 10_000,
  /** Jobs that one request may make. */
  jobsPerRequest: 1_000,
  /** Bytes of one JSON body. */
  bodyBytes: 8 * 1024 * 1024,
  /** Bytes of a JSON body, or of a command, beside its tasks. */
  bodyRestBytes: 256 * 1024,
  /** Bytes of a JSON body from a viewer, who can only ask. */
  viewerBodyBytes: 64 * 1024,
  /** Nesting of arrays and objects in any JSON given. */
  jsonDepth: 32,
  /** Characters of a product, group, user or task id. */
  idLength: 128,
  /** Characters of a job type. */
  typeLength: 64,
  /** Handlers of one worker, those that plan included. */
  handlersPerWorker: 1_000,
  /** Characters of the phase that a job names. */
  phaseLength: 64,
  /** Seconds that the producer of an external job may be silent at most. */
  stalledAfterSeconds: 7 * 24 * 3600,
  /** Labels of one job. */
  labels: 32,
  /** Characters of a label's key. */
  labelKeyLength: 63,
  /** Characters of a label's value. */
  labelValueLength: 256,
  /** Characters of an idempotency key. */
  idempotencyKeyLength: 255,
  /** Characters of a key that jobs share. */
  jobKeyLength: 255,
  /** Characters of an error message that are kept. */
  errorMessageLength: 2_000,
  /** Characters of a stack that are kept. */
  stackLength: 8_000,
  /** UTF-8 bytes of a task's result that are kept. */
  resultBytes: 16 * 1024,
  /** Steps of one task. */
  stepsPerTask: 256,
  /** UTF-8 bytes of what one step returned, as JSON. */
  stepBytes: 64 * 1024,
  /** UTF-8 bytes of the parameters that a manual recovery lays over a payload. */
  customParamsBytes: 8 * 1024,
  /** UTF-8 bytes of what a retry condition compares with. */
  conditionValueBytes: 8 * 1024,
  /** Characters of a regular expression that a condition matches with. */
  patternLength: 500,
  /** Lines of a task's log that travel with its outcome. */
  logLines: 20,
  /** Characters of each such line. */
  logLineLength: 300,
  /** Characters of one line of a log; a longer one is kept in parts. */
  logTextLength: 16 * 1024,
  /** Lines of a log in one answer. */
  logPageLines: 1_000,
  /** Runs of one task, the first included. */
  attempts: 100,
  /** Runs of one task that are told apart, those included that a person asks for, and whose worker was lost. */
  runsToldApart: 255,
  /** Seconds that a retry may be put off. */
  retryDelaySeconds: 7 * 24 * 3600,
  /** Seconds that one run of a task may be given. */
  timeoutSeconds: 7 * 24 * 3600,
  /** Items of one page. */
  pageSize: 200,
  /** Problems reported for one input; the rest is counted. */
  problemErrors: 20,
} as const;
