import { compareCondition, matchesErrorType, type Labels, type RerunCondition, type RerunPartial } from '@kintsugi/contracts';
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

/** Whether a selection selects a task. What costs most to know of a task is asked last. */
export function selectorOf(selection: Selection): (task: RerunTask) => boolean {
  const { task_ids: ids, states, error_types: errorTypes, data_types: dataTypes, labels, inGroups } = selection;
  const { conditions = [], only_failed: onlyFailed, jobLabels } = selection;
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
    if (labels && !labels.some((label) => hasLabel(task, label, jobLabels))) return false;
    return !dataTypes || dataTypes.some((type) => type === dataTypeOf(task));
  };
  return (task) => isSelected(task) && conditions.every((condition) => holds(condition, task, jobLabels));
}

function holds({ field, operator, value }: RerunCondition, task: RerunTask, jobLabels: Labels): boolean {
  const actual = fieldOf(task, field, jobLabels);
  const comparable = typeof actual === 'string' || typeof actual === 'number' || typeof actual === 'boolean';
  // An object or a list is there, but is compared with nothing.
  if (operator === 'exists') return typeof value === 'boolean' && (actual !== undefined) === value;
  return compareCondition(operator, comparable ? actual : undefined, value) === true;
}

function fieldOf(task: RerunTask, field: string, jobLabels: Labels): unknown {
  const [first, ...rest] = field.split('.');
  switch (first) {
    case 'labels':
      return labelOf(task, rest.join('.'), jobLabels);
    case 'payload':
      return rest.reduce(ownOf, task.payload);
    case 'state':
      return task.state;
    case 'error_type':
    case 'error_message':
      return task.error?.[first];
    case 'attempts':
      return task.attempts;
    case 'took_ms':
      return task.tookMs;
    case 'task_id':
      return task.id;
    case 'key':
      return task.key ?? undefined;
    default:
      return dataTypeOf(task);
  }
}

function dataTypeOf({ payload }: RerunTask): unknown {
  return ownOf(payload, 'data_type');
}

function hasLabel(task: RerunTask, label: string, jobLabels: Labels): boolean {
  const at = label.indexOf('=');
  return labelOf(task, label.slice(0, at), jobLabels) === label.slice(at + 1);
}

function labelOf({ payload }: RerunTask, key: string, jobLabels: Labels): unknown {
  return ownOf(ownOf(payload, 'labels'), key) ?? ownOf(jobLabels, key);
}

function ownOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
