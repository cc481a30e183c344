import { alertSignalNames, withoutGaps, type ActionInput, type AlertSignalName } from '@kintsugi/contracts';
import { Failure } from '../failure.js';

export interface ConditionOptions {
  signal?: string;
  fires?: 'above' | 'below';
  threshold?: number;
  clearAt?: number;
  for?: number;
  clearFor?: number;
  window?: number;
  atLeast?: number;
  objective?: number;
  type?: string;
  severity?: 'page' | 'ticket' | 'info';
  summary?: string;
  runbook?: string;
  notify?: string[];
  inhibitedBy?: string[];
  enabled?: 'yes' | 'no';
}

type Changes = Omit<ActionInput<'updateAlertCondition'>, 'name'>;

const advice = 'See ./kintsugi alerts --help';

/** What the options say of a condition; what is not given is left out. */
export function changesOf(options: ConditionOptions): Changes {
  const { fires, threshold, objective, type, severity, summary, notify, enabled } = options;
  const given = {
    ...{ fires, threshold, objective, type, severity, summary, notify, clear_at: options.clearAt, for_s: options.for },
    ...{ clear_for_s: options.clearFor, window_s: options.window, at_least: options.atLeast, runbook_url: options.runbook },
    ...{ inhibited_by: options.inhibitedBy, enabled: enabled === undefined ? undefined : enabled === 'yes' },
  };
  return withoutGaps(given);
}

export function newConditionOf(name: string, options: ConditionOptions): ActionInput<'createAlertCondition'> {
  const { signal, threshold } = options;
  if (signal === undefined || threshold === undefined) {
    throw new Failure('USAGE', 'About what, and from where on? Give --signal and --threshold.', { advice });
  }
  if (!(alertSignalNames as readonly string[]).includes(signal)) {
    throw new Failure('USAGE', `--signal is ${signal}, of which there is none.`, {
      advice: `Give one of ${alertSignalNames.join(', ')}.`,
    });
  }
  return { name, signal: signal as AlertSignalName, ...changesOf(options), threshold };
}
