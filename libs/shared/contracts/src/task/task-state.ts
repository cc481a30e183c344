/**
 * The states of a task, each with the letter that stands for it in a chunk's state text.
 * Legal moves are in job-service's task-lifecycle.
 */
export const taskStateLetters = {
  blocked: 'b',
  ready: 'r',
  leased: 'l',
  running: 'n',
  succeeded: 's',
  failed: 'f',
  waiting_retry: 'w',
  dead: 'd',
  parked: 'p',
  quarantined: 'q',
  cancelled: 'c',
  skipped: 'k',
  outcome_unknown: 'u',
} as const;

export type TaskState = keyof typeof taskStateLetters;

export const taskStates = Object.keys(taskStateLetters) as TaskState[];

/** States in which a task has ended badly: each ends its job as failed, and leaves them when a person requeues it. */
export const brokenTaskStates = ['dead', 'quarantined', 'outcome_unknown'] as const satisfies TaskState[];

/** States in which nothing more happens to a task by itself. */
export const endedTaskStates = ['succeeded', ...brokenTaskStates, 'cancelled', 'skipped'] as const satisfies TaskState[];

/** How many tasks are in each state; states without a task are absent. */
export type TaskCounts = Partial<Record<TaskState, number>>;

/** The same counts with those of all states, so that a reader need not know which there are. */
export function everyCount(counts: TaskCounts): Record<TaskState, number> {
  return Object.fromEntries(taskStates.map((state) => [state, counts[state] ?? 0])) as Record<TaskState, number>;
}

/** What may happen to a task after an unclear end, such as the loss of its worker. */
export const safetyClasses = ['idempotent', 'keyed', 'unsafe'] as const;

/** What becomes of what waits for something that has not been done in the end. */
export const dependencyFailureRules = ['fail', 'skip', 'run'] as const;

export type DependencyFailureRule = (typeof dependencyFailureRules)[number];

export type SafetyClass = (typeof safetyClasses)[number];
