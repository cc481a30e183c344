import { parseExactly, type ActionInput, type RerunPlan, type TaskState } from '@kintsugi/contracts';
import { shellWord } from '../../display/domain/shell-word.js';

type RerunInput = ActionInput<'rerunPartial'>;

/** What a reader has chosen to run again. */
export interface RerunForm {
  states: string[];
  errorTypes: string[];
  /** Ids of tasks, apart by spaces, commas or lines. */
  tasks: string;
  alsoSucceeded: boolean;
  downstream: boolean;
  upstream: boolean;
  latest: boolean;
  unchanged: boolean;
  /** A JSON object that is laid over the payloads; empty for none. */
  parameters: string;
}

export const emptyRerunForm: RerunForm = {
  ...{ states: [], errorTypes: [], tasks: '', parameters: '' },
  ...{ alsoSucceeded: false, downstream: true, upstream: false, latest: false, unchanged: false },
};

/** What is asked of the platform, or why it cannot be: the parameters are no JSON object. */
export function rerunInputOf(jobId: string, form: RerunForm): RerunInput | null {
  const parameters = parametersOf(form.parameters);
  if (parameters === null) return null;
  const ids = idsIn(form.tasks);
  return {
    job_id: jobId,
    ...(form.states.length > 0 ? { states: form.states as TaskState[] } : {}),
    ...(form.errorTypes.length > 0 ? { error_types: form.errorTypes } : {}),
    ...(ids.length > 0 ? { task_ids: ids } : {}),
    only_failed: !form.alsoSucceeded,
    include_downstream: form.downstream,
    include_upstream: form.upstream,
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
    ...(form.latest ? { definition: 'latest' } : {}),
    ...(form.unchanged ? { reuse: 'unchanged' } : {}),
  };
}

/** The command that does the same. */
export function rerunCommandOf({ job_id, states, error_types, task_ids, ...rest }: RerunInput): string {
  const given = (option: string, values: readonly string[] | undefined): string[] =>
    (values ?? []).map((value) => `${option} ${shellWord(value)}`);
  return [
    `./kintsugi rerun ${job_id}`,
    ...given('--task', task_ids),
    ...given('--state', states),
    ...given('--error-type', error_types),
    ...(rest.only_failed === false ? ['--all'] : []),
    ...(rest.include_downstream === false ? ['--no-downstream'] : []),
    ...(rest.include_upstream ? ['--upstream'] : []),
    ...Object.entries(rest.parameters ?? {}).map(([name, value]) => `--set ${shellWord(`${name}=${JSON.stringify(value)}`)}`),
    ...(rest.definition === 'latest' ? ['--latest'] : []),
    ...(rest.reuse === 'unchanged' ? ['--unchanged'] : []),
    '--run',
  ].join(' ');
}

/** Whether the plan can be carried out: it runs something, and nothing of it is refused. */
export function canRun({ rerun, refused }: RerunPlan): boolean {
  return rerun.total > 0 && refused.total === 0;
}

function parametersOf(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const value = parseExactly(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function idsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((id) => id !== ''))];
}
