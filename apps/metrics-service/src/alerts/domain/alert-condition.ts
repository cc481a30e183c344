import {
  ProblemError,
  alertSignals,
  type ActionRequest,
  type Actor,
  type AlertConditionView,
  type AlertSignalName,
} from '@kintsugi/contracts';
import type { AlertRule } from './alert-step.js';
import { ownedIdOf } from '../../webhooks/domain/owned.js';
import { refused } from '../../webhooks/domain/refused.js';

/** A condition as it is kept. */
export interface AlertCondition extends AlertRule {
  /** Tenant and name. */
  _id: string;
  name: string;
  /** Whose figures it is about; null: those of all. */
  tenant: string | null;
  user_id: string;
  signal: AlertSignalName;
  window_s: number;
  at_least: number;
  objective: number;
  type: string | null;
  severity: AlertConditionView['severity'];
  summary: string;
  runbook_url: string | null;
  notify: string[];
  inhibited_by: string[];
  enabled: boolean;
  /** Rises with each change by a person. */
  version: number;
  created_at: Date;
  updated_at: Date;
}

type Changes = Omit<ActionRequest<'updateAlertCondition'>, 'name'>;

const usual = {
  ...{ for_s: 0, clear_for_s: 0, window_s: 300, at_least: 1, objective: 0.995, type: null, severity: 'ticket' as const },
  ...{ summary: '', runbook_url: null, notify: [], inhibited_by: [], enabled: true },
};

export function newCondition(request: ActionRequest<'createAlertCondition'>, actor: Actor, at: Date): AlertCondition {
  const { name, signal, threshold, ...given } = request;
  const { scope, fires } = alertSignals[signal];
  if (scope === 'platform' && actor.tenant !== null) throw ofAllTenants(signal, actor.tenant);
  const condition: AlertCondition = {
    ...{ _id: ownedIdOf(actor, name), name, tenant: actor.tenant, user_id: actor.name, signal, fires },
    ...{ threshold, clear_at: threshold, ...usual, version: 0, created_at: at, updated_at: at },
    ...given,
  };
  requireSense(condition);
  return condition;
}

/** What changes of a condition. Where its threshold alone is moved, the place where it clears moves with it if it stood there. */
export function changesOf(before: AlertCondition, given: Changes): Partial<AlertCondition> {
  const moves = given.threshold !== undefined && given.clear_at === undefined && before.clear_at === before.threshold;
  const changes = { ...given, ...(moves ? { clear_at: given.threshold } : {}) };
  requireSense({ ...before, ...changes });
  return changes;
}

/** A condition as its readers see it. */
export function viewCondition(condition: AlertCondition): AlertConditionView {
  const { _id, version: _version, ...rest } = condition;
  return { ...rest, created_at: rest.created_at.toISOString(), updated_at: rest.updated_at.toISOString() };
}

export function conditionNotFound(name: string): ProblemError {
  const detail = `There is no alert condition ${name}. Conditions are listed by \`kintsugi alerts conditions\`.`;
  return new ProblemError('ALERT_CONDITION_NOT_FOUND', detail);
}

function requireSense({ name, fires, threshold, clear_at: clearAt, signal, type, inhibited_by: causes }: AlertCondition): void {
  if (fires === 'above' ? clearAt > threshold : clearAt < threshold) {
    const side = fires === 'above' ? 'no more than' : 'no less than';
    throw refused('clear_at', String(clearAt), `${side} the threshold, ${threshold}`);
  }
  const { subject } = alertSignals[signal];
  if (type !== null && (subject === 'group' || subject === 'schedule' || ['workers', 'retries_per_s'].includes(signal))) {
    throw refused('type', type, `null: ${signal} is not told by type`);
  }
  if (causes.includes(name)) throw refused('inhibited_by', name, 'other conditions');
}

function ofAllTenants(signal: AlertSignalName, tenant: string): ProblemError {
  const names = Object.entries(alertSignals).flatMap(([name, { scope }]) => (scope === 'tenant' ? name : []));
  const allowed = `for a key that is bound to the tenant ${tenant}, one of ${names.join(', ')}`;
  return refused('signal', signal, allowed);
}
