import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  type ActionRequest,
  type Actor,
  type AlertConditionPage,
  type AlertConditionView,
  type AlertPage,
} from '@kintsugi/contracts';
import { viewAlert } from '../domain/alert.js';
import { conditionNotFound, viewCondition } from '../domain/alert-condition.js';
import { AlertConditionStore } from '../mongo/alert-condition-store.js';
import { AlertStore } from '../mongo/alert-store.js';
import { ownedIdOf } from '../../webhooks/domain/owned.js';

/** Shows conditions, and what became of them. */
@Injectable()
export class ReadAlerts {
  constructor(
    private readonly conditions: AlertConditionStore,
    private readonly alerts: AlertStore,
  ) {}

  async condition(name: string, actor: Actor): Promise<AlertConditionView> {
    const condition = await this.conditions.find(ownedIdOf(actor, name));
    if (!condition) throw conditionNotFound(name);
    return viewCondition(condition);
  }

  async listConditions({ limit, cursor = '' }: ActionRequest<'listAlertConditions'>, actor: Actor): Promise<AlertConditionPage> {
    const found = await this.conditions.behind(cursor, actor.tenant, limit + 1);
    const shown = found.slice(0, limit);
    return { items: shown.map(viewCondition), next_cursor: found.length > limit ? (shown.at(-1)?._id ?? null) : null };
  }

  async list({ state, name, limit, cursor }: ActionRequest<'listAlerts'>, actor: Actor): Promise<AlertPage> {
    const states = state === undefined ? (['firing', 'pending'] as const) : [state];
    const after = cursor === undefined ? null : placeOf(cursor);
    const found = await this.alerts.page({ states, tenant: actor.tenant, name, after }, limit + 1);
    const items = found.slice(0, limit).map(viewAlert);
    const last = items.at(-1);
    return { items, next_cursor: found.length > limit && last ? `${last.since} ${last.id}` : null };
  }
}

function placeOf(cursor: string): { since: Date; id: string } {
  const [time = '', ...id] = cursor.split(' ');
  const since = new Date(time);
  if (Number.isNaN(since.getTime())) throw new ProblemError('CURSOR_INVALID', 'cursor: give the next_cursor of the page before.');
  return { since, id: id.join(' ') };
}
