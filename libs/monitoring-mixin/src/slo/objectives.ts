/** What users are promised, as a ratio of what went wrong to all. */
export interface Objective {
  slo: string;
  title: string;
  /** Share of what has to go well. */
  objective: number;
  /** Each takes a window, such as `5m`. */
  errors: (window: string) => string;
  total: (window: string) => string;
  /** Below so many a second nothing is said: a single failure among three would burn any budget. */
  minRate: number;
  alert: string;
  means: string;
  look: readonly string[];
  mend: readonly string[];
}

const waitBound = '30';

export const objectives: readonly Objective[] = [
  {
    slo: 'job-success',
    title: 'Jobs complete',
    objective: 0.995,
    errors: (window) => `sum(rate(kintsugi_jobs_finished_total{status="failed"}[${window}]))`,
    total: (window) => `sum(rate(kintsugi_jobs_finished_total{status=~"completed|failed"}[${window}]))`,
    minRate: 0.01,
    alert: 'KintsugiJobSuccessBurn',
    means: 'More jobs fail than the objective of 99.5 % allows. Jobs that a person cancels do not count.',
    look: ['`./kintsugi groups`: which failures rise?', '`./kintsugi jobs --status failed` for the jobs themselves.'],
    mend: ['Mend the cause, then `./kintsugi recover` runs again what was given up, and nothing else.'],
  },
  {
    slo: 'task-wait',
    title: `Tasks start within ${waitBound} s`,
    objective: 0.99,
    errors: (window) =>
      `sum(rate(kintsugi_task_wait_seconds_count[${window}])) - sum(rate(kintsugi_task_wait_seconds_bucket{le="${waitBound}"}[${window}]))`,
    total: (window) => `sum(rate(kintsugi_task_wait_seconds_count[${window}]))`,
    minRate: 0.01,
    alert: 'KintsugiTaskWaitBurn',
    means: `More than 1 % of tasks wait for over ${waitBound} s until they start. The time before which a job was not to run does not count.`,
    look: ['The dashboard Queues: which type waits?', '`./kintsugi why JOB_ID` of one that waits.'],
    mend: ['Start more workers for that type, or pause what is less urgent.'],
  },
  {
    slo: 'api',
    title: 'The API answers',
    objective: 0.999,
    errors: (window) => `sum(rate(http_server_request_duration_seconds_count{http_response_status_code=~"5.."}[${window}]))`,
    total: (window) => `sum(rate(http_server_request_duration_seconds_count[${window}]))`,
    minRate: 0.05,
    alert: 'KintsugiApiBurn',
    means: 'More requests than 0.1 % are answered with a status of 500 or above.',
    look: ['`./kintsugi health`.', 'The dashboard Platform: which route, and since when?'],
    mend: ['Bring back what `health` says is missing: callers that repeat their requests lose nothing.'],
  },
];
