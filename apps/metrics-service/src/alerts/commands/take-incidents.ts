import { Inject, Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type Actor, type Incident, type TakenIncidents } from '@kintsugi/contracts';
import { SETTINGS } from '@kintsugi/hosting';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import { AlertRounds } from '../alert-rounds.js';
import { endOf, incidentOf } from '../domain/incident.js';
import { incidentIdOf } from '../incident-id.js';
import { originLabel } from '../http/post-to-alertmanager.js';
import { AlertStore } from '../mongo/alert-store.js';

/** Incidents that one tenant may have open. */
const openMax = 5_000;

/** Takes in what Alertmanager posts. A message that comes twice, or too late, changes nothing. */
@Injectable()
export class TakeIncidents {
  constructor(
    private readonly alerts: AlertStore,
    private readonly rounds: AlertRounds,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
  ) {}

  async execute({ alerts }: ActionRequest<'takeIncidents'>, actor: Actor): Promise<TakenIncidents> {
    const now = new Date();
    const taken: TakenIncidents = { opened: 0, resolved: 0, known: 0 };
    let open: Promise<number> | undefined;
    const openNow = async (): Promise<number> =>
      (await (open ??= this.alerts.countIncidents(actor.tenant, openMax))) + taken.opened;
    // The ends first: they make room, and are never refused.
    const isEnd = ({ status }: Incident): boolean => status === 'resolved';
    for (const told of [...alerts.filter(isEnd), ...alerts.filter((one) => !isEnd(one))]) {
      // What our own conditions have told Alertmanager is in the list already.
      if (told.labels[originLabel.name] === originLabel.value) taken.known += 1;
      else taken[await this.take(told, actor, now, openNow)] += 1;
    }
    if (taken.opened > 0) this.rounds.look();
    return taken;
  }

  private async take(
    told: Incident,
    { tenant }: Actor,
    now: Date,
    openNow: () => Promise<number>,
  ): Promise<keyof TakenIncidents> {
    const id = incidentIdOf(told, tenant);
    if (told.status === 'resolved' && (await this.alerts.resolveIncident(id, endOf(told, now)))) return 'resolved';
    if (await this.alerts.hasIncident(id)) return 'known';
    if (told.status === 'firing' && (await openNow()) >= openMax) {
      throw new ProblemError('OVERLOADED', `There are ${openMax} incidents open, and no room for more.`, { retry_after: 60 });
    }
    // One that has ended before it was told of is kept too, so that what comes late does not open it.
    const isNew = await this.alerts.addIncident(incidentOf(id, told, tenant, this.settings.INCIDENT_RECOVERIES, now));
    if (!isNew) return 'known';
    return told.status === 'firing' ? 'opened' : 'resolved';
  }
}
