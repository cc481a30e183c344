import { Injectable } from '@nestjs/common';
import type { Actor, AlertConditionTest } from '@kintsugi/contracts';
import { NotifyWebhooks } from '../../webhooks/notify-webhooks.js';
import { AlertFigures } from '../alert-figures.js';
import { conditionNotFound } from '../domain/alert-condition.js';
import { holds } from '../domain/alert-step.js';
import { AlertConditionStore } from '../mongo/alert-condition-store.js';
import { EndedJobs } from '../mongo/ended-jobs.js';
import { OccurrenceStore } from '../mongo/occurrence-store.js';
import { FleetSource } from '../../fleet/queries/get-fleet.js';
import { JobHistory } from '../../job-history/domain/job-history.js';
import { HistoryBacklog } from '../../job-history/nats/history-backlog.js';
import { ownedIdOf } from '../../webhooks/domain/owned.js';

const shownMax = 100;
/** Rates are of no less than this. */
const rateMs = 1_000;

/** Looks at the figures of a condition as they are now, and writes nothing. */
@Injectable()
export class TestCondition {
  constructor(
    private readonly conditions: AlertConditionStore,
    private readonly webhooks: NotifyWebhooks,
    private readonly fleet: FleetSource,
    private readonly history: JobHistory,
    private readonly ended: EndedJobs,
    private readonly occurrences: OccurrenceStore,
    private readonly backlog: HistoryBacklog,
  ) {}

  async execute(name: string, actor: Actor): Promise<AlertConditionTest> {
    const condition = await this.conditions.find(ownedIdOf(actor, name));
    if (!condition) throw conditionNotFound(name);
    // Figures of its own: those of the leader go on from look to look.
    const figures = new AlertFigures(this.fleet, this.history, this.ended, this.occurrences, this.backlog);
    const look = (): Promise<ReadonlyMap<string, number> | undefined> =>
      figures.of([condition], new Date(), 0).then((found) => found.get(condition._id));
    let values = await look();
    if (!values && condition.signal.endsWith('_per_s')) {
      await new Promise((resolve) => setTimeout(resolve, rateMs));
      values = await look();
    }
    const shown = [...(values ?? [])].map(([subject, value]) => ({ subject, value, holds: holds(condition, value) }));
    const direction = condition.fires === 'above' ? -1 : 1;
    const told = await this.webhooks.hearingAlert('alert.fired', condition.tenant, condition.notify, Date.now());
    return {
      known: values !== undefined,
      values: shown.sort((a, b) => direction * (a.value - b.value) || (a.subject < b.subject ? -1 : 1)).slice(0, shownMax),
      told: told.map((webhook) => webhook.name),
    };
  }
}
