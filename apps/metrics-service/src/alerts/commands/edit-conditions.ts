import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type Actor, type AlertConditionView } from '@kintsugi/contracts';
import { WebhookStore } from '../../webhooks/mongo/webhook-store.js';
import { AlertRounds } from '../alert-rounds.js';
import { changesOf, conditionNotFound, newCondition, viewCondition } from '../domain/alert-condition.js';
import { sourceOf } from '../domain/signal-kinds.js';
import { AlertConditionStore, conditionsMax } from '../mongo/alert-condition-store.js';
import { AlertEvents } from '../nats/alert-events.js';
import { ownedIdOf } from '../../webhooks/domain/owned.js';
import { refused } from '../../webhooks/domain/refused.js';

/** Makes conditions, changes them and ends them. */
@Injectable()
export class EditConditions {
  constructor(
    private readonly conditions: AlertConditionStore,
    private readonly webhooks: WebhookStore,
    private readonly events: AlertEvents,
    private readonly rounds: AlertRounds,
  ) {}

  async create(request: ActionRequest<'createAlertCondition'>, actor: Actor): Promise<AlertConditionView> {
    const condition = newCondition(request, actor, new Date());
    await this.requireWebhooks(condition.notify, actor);
    if (!(await this.conditions.hasRoom(actor.tenant))) throw full();
    // Before it is there, so that it counts everything from then on.
    if (sourceOf[condition.signal] === 'occurrences') await this.events.keep();
    if (!(await this.conditions.create(condition))) throw taken(condition.name);
    this.rounds.look();
    return viewCondition(condition);
  }

  async update({ name, ...given }: ActionRequest<'updateAlertCondition'>, actor: Actor): Promise<AlertConditionView> {
    await this.requireWebhooks(given.notify ?? [], actor);
    const edited = await this.conditions.edit(ownedIdOf(actor, name), (before) => changesOf(before, given), new Date());
    if (!edited) throw conditionNotFound(name);
    this.rounds.look();
    return viewCondition(edited);
  }

  async remove(name: string, actor: Actor): Promise<{ name: string }> {
    if (!(await this.conditions.remove(ownedIdOf(actor, name)))) throw conditionNotFound(name);
    this.rounds.look();
    return { name };
  }

  private async requireWebhooks(names: readonly string[], actor: Actor): Promise<void> {
    for (const [at, name] of names.entries()) {
      if (await this.webhooks.find(ownedIdOf(actor, name))) continue;
      throw refused(`notify.${at}`, name, 'the name of a webhook of yours; `kintsugi webhooks list` shows them');
    }
  }
}

function taken(name: string): ProblemError {
  return new ProblemError(
    'ALERT_CONDITION_EXISTS',
    `There is an alert condition ${name} already. Change it with updateAlertCondition, or delete it.`,
    { errors: [{ path: 'data.name', rule: 'UNIQUE', got: name, allowed: 'a name that no condition of the tenant has' }] },
  );
}

function full(): ProblemError {
  return new ProblemError(
    'OVERLOADED',
    `There are ${conditionsMax} conditions, and no room for more. Delete some that nobody needs.`,
  );
}
