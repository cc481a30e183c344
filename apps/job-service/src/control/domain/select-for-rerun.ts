import {
  compareCondition,
  matchesErrorType,
  problemOf,
  shown,
  type Labels,
  type RerunCondition,
  type RerunPartial,
} from '@kintsugi/contracts';
import type { RerunTask } from './rerun-task.js';

type Selectors = Pick<
  RerunPartial,
  'task_ids' | 'states' | 'error_types' | 'data_types' | 'labels' | 'conditions' | 'only_failed'
>;

export interface Selection extends Selectors {
  /** Ids of the tasks whose failures are in the groups that are asked for; absent where none is. */
  inGroups?: ReadonlySet<string>;
  /** The labels of the job: each of its tasks has them, under those of its payload. */
  jobLabels: Labels;
}

type Test = (task: RerunTask) => boolean;
type Read = (task: RerunTask) => unknown;

/** Whether a selection selects a task, of which there may be a million. What costs most to know of a task is asked last. */
export function selectorOf(selection: Selection): Test {
  const { task_ids: ids, states, error_types: errorTypes, data_types: dataTypes, inGroups } = selection;
  const { only_failed: onlyFailed, jobLabels } = selection;
  const labels = selection.labels?.map((label) => labelTestOf(label, jobLabels));
  const conditions = selection.conditions?.map((condition) => conditionTestOf(condition, jobLabels)) ?? [];
  const byId = ids && new Set(ids);
  const isNamed = Boolean(ids ?? states ?? errorTypes ?? dataTypes ?? labels ?? inGroups);
  const isSelected = (task: RerunTask): boolean => {
    const { state, error } = task;
    if (onlyFailed && state === 'succeeded') return false;
    // Without any selector, what has failed is meant, and what was given up follows from it.
    if (!isNamed) return !task.isHeld && state !== 'skipped';
    if (states && !states.includes(state)) return false;
    if (errorTypes && !(error && errorTypes.some((pattern) => matchesErrorType(pattern, error.error_type)))) return false;
    if (inGroups && !inGroups.has(task.id)) return false;
    if (byId && !byId.has(task.id) && !(task.key !== null && byId.has(task.key))) return false;
    if (labels && !labels.some((hasLabel) => hasLabel(task))) return false;
    return !dataTypes || dataTypes.some((type) => type === dataTypeOf(task));
  };
  return (task) => isSelected(task) && conditions.every((holds) => holds(task));
}

/** The same test, which leaves of the ids that were given those that no task has. */
export function seeing(unseen: Set<string>, selects: Test): Test {
  if (unseen.size === 0) return selects;
  return (task) => {
    unseen.delete(task.id);
    if (task.key !== null) unseen.delete(task.key);
    return selects(task);
  };
}

/** Whoever names a task that is not there means another one, or another job. */
export function requireSeen(unseen: ReadonlySet<string>, ids: readonly string[]): void {
  const faults = ids.flatMap((id, index) =>
    unseen.has(id)
      ? [
          {
            path: `data.task_ids[${index}]`,
            rule: 'UNKNOWN',
            got: shown(id),
            allowed: 'the id of a task of the job, or your own id of one',
          },
        ]
      : [],
  );
  if (faults.length > 0) throw problemOf(faults, 'VALIDATION_FAILED');
}

function conditionTestOf({ field, operator, value }: RerunCondition, jobLabels: Labels): Test {
  const read = readerOf(field, jobLabels);
  return (task) => {
    const actual = read(task);
    const comparable = typeof actual === 'string' || typeof actual === 'number' || typeof actual === 'boolean';
    // An object or a list is there, but is compared with nothing.
    if (operator === 'exists') return typeof value === 'boolean' && (actual !== undefined) === value;
    return compareCondition(operator, comparable ? actual : undefined, value) === true;
  };
}

function readerOf(field: string, jobLabels: Labels): Read {
  const [first, ...rest] = field.split('.');
  switch (first) {
    case 'labels':
      return labelReaderOf(rest.join('.'), jobLabels);
    case 'payload':
      return (task) => rest.reduce(ownOf, task.payload);
    case 'state':
      return (task) => task.state;
    case 'error_type':
    case 'error_message':
      return (task) => task.error?.[first];
    case 'attempts':
      return (task) => task.attempts;
    case 'took_ms':
      return (task) => task.tookMs;
    case 'task_id':
      return (task) => task.id;
    case 'key':
      return (task) => task.key ?? undefined;
    default:
      return dataTypeOf;
  }
}

function dataTypeOf({ payload }: RerunTask): unknown {
  return ownOf(payload, 'data_type');
}

function labelTestOf(label: string, jobLabels: Labels): Test {
  const at = label.indexOf('=');
  const read = labelReaderOf(label.slice(0, at), jobLabels);
  const value = label.slice(at + 1);
  return (task) => read(task) === value;
}

function labelReaderOf(key: string, jobLabels: Labels): Read {
  const ofJob = ownOf(jobLabels, key);
  return ({ payload }) => ownOf(ownOf(payload, 'labels'), key) ?? ofJob;
}

function ownOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
