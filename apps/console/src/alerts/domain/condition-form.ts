import {
  alertSignals,
  type ActionInput,
  type AlertConditionView,
  type AlertSignal,
  type AlertSignalName,
} from '@kintsugi/contracts';
import { shellWord } from '../../display/domain/shell-word.js';

type Changes = Omit<ActionInput<'updateAlertCondition'>, 'name'>;

/** A condition as a reader writes it; what is empty is left to the platform, or stays as it is. */
export interface ConditionForm {
  name: string;
  signal: AlertSignalName;
  fires: string;
  threshold: Figure;
  clearAt: Figure;
  forSeconds: Figure;
  clearForSeconds: Figure;
  windowSeconds: Figure;
  atLeast: Figure;
  objective: Figure;
  type: string;
  severity: string;
  summary: string;
  runbook: string;
  notify: string[];
  inhibitedBy: string[];
  enabled: boolean;
}

/** Of a field for numbers: empty while nothing stands there. */
export type Figure = number | '';

export const emptyConditionForm: ConditionForm = {
  ...{ name: '', signal: 'queue_age_s', fires: '', threshold: '', clearAt: '', forSeconds: '', clearForSeconds: '' },
  ...{ windowSeconds: '', atLeast: '', objective: '', type: '', severity: '', summary: '', runbook: '' },
  ...{ notify: [], inhibitedBy: [], enabled: true },
};

export function conditionFormOf(condition: AlertConditionView): ConditionForm {
  const { name, signal, fires, threshold, objective, severity, summary, notify, enabled } = condition;
  return {
    ...{ name, signal, fires, threshold, objective, severity, summary, notify, enabled },
    ...{ clearAt: condition.clear_at, forSeconds: condition.for_s, clearForSeconds: condition.clear_for_s },
    ...{ windowSeconds: condition.window_s, atLeast: condition.at_least, inhibitedBy: condition.inhibited_by },
    ...{ type: condition.type ?? '', runbook: condition.runbook_url ?? '' },
  };
}

/** What a signal asks beside its threshold; a field that says nothing about it is not shown. */
export function fieldsOf(signal: AlertSignalName): { windowed: boolean; atLeast: boolean; objective: boolean; type: boolean } {
  const { windowed, subject, asks }: AlertSignal = alertSignals[signal];
  return {
    windowed,
    atLeast: asks.includes('at_least'),
    objective: asks.includes('objective'),
    type: subject === 'type',
  };
}

/** What differs from how it stood, as the platform takes it. */
export function changesOf(before: ConditionForm, form: ConditionForm): Changes {
  const asked = (made: ConditionForm): Record<string, unknown> => ({
    ...{ fires: made.fires, threshold: made.threshold, clear_at: made.clearAt, for_s: made.forSeconds },
    ...{ clear_for_s: made.clearForSeconds, window_s: made.windowSeconds, at_least: made.atLeast, objective: made.objective },
    ...{ type: made.type.trim() || null, severity: made.severity, summary: made.summary, enabled: made.enabled },
    ...{ runbook_url: made.runbook.trim() || null, notify: made.notify, inhibited_by: made.inhibitedBy },
  });
  const then = asked(before);
  const differing = Object.entries(asked(form)).filter(
    ([field, value]) => (value !== '' || field === 'summary') && JSON.stringify(value) !== JSON.stringify(then[field]),
  );
  return Object.fromEntries(differing);
}

export function newConditionOf(form: ConditionForm): ActionInput<'createAlertCondition'> {
  const threshold = form.threshold === '' ? 0 : form.threshold;
  return { name: form.name.trim(), signal: form.signal, ...changesOf(emptyConditionForm, form), threshold };
}

const options: Record<string, string> = {
  ...{ fires: 'fires', threshold: 'threshold', clear_at: 'clear-at', for_s: 'for', clear_for_s: 'clear-for', window_s: 'window' },
  ...{ at_least: 'at-least', objective: 'objective', type: 'type', severity: 'severity', summary: 'summary' },
  ...{ runbook_url: 'runbook', notify: 'notify', inhibited_by: 'inhibited-by' },
};

/** The command that does the same; null where none takes something away. */
export function conditionCommandOf(verb: 'create' | 'update', name: string, asked: Changes & { signal?: string }): string | null {
  const { enabled, signal, ...changes } = asked;
  const words = Object.entries(changes).flatMap(([field, value]) => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return [null];
    return [value].flat().map((one) => `--${options[field]} ${shellWord(String(one))}`);
  });
  if (words.includes(null)) return null;
  return [
    `./kintsugi alerts ${verb} ${shellWord(name === '' ? 'NAME' : name)}`,
    ...(signal === undefined ? [] : [`--signal ${signal}`]),
    ...words,
    ...(enabled === undefined ? [] : [`--enabled ${enabled ? 'yes' : 'no'}`]),
  ].join(' ');
}
