import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ProblemError, type ActionRequest, type Actor, type AlertSilencePage, type AlertSilenceView } from '@kintsugi/contracts';
import { AlertRounds } from '../alert-rounds.js';
import type { AlertSilence } from '../domain/alert.js';
import { SilenceStore } from '../mongo/silence-store.js';

/** Silences that one tenant may have. */
const silencesMax = 200;

/** Keeps alerts quiet for a while. */
@Injectable()
export class SilenceAlerts {
  constructor(
    private readonly silences: SilenceStore,
    private readonly rounds: AlertRounds,
  ) {}

  async create(request: ActionRequest<'createAlertSilence'>, actor: Actor): Promise<AlertSilenceView> {
    const { condition = null, subject = null, for_s: seconds, reason } = request;
    if ((await this.silences.count(actor.tenant, silencesMax)) >= silencesMax) {
      throw new ProblemError('OVERLOADED', `There are ${silencesMax} silences, and no room for more. End some.`);
    }
    const now = new Date();
    const silence: AlertSilence = {
      ...{ _id: `sil_${randomUUID().replaceAll('-', '')}`, tenant: actor.tenant, condition, subject, reason },
      ...{ user_id: actor.name, created_at: now, until: new Date(now.getTime() + seconds * 1_000) },
    };
    await this.silences.add(silence);
    this.rounds.look();
    return viewSilence(silence);
  }

  async remove(id: string, actor: Actor): Promise<{ id: string }> {
    if (!(await this.silences.remove(id, actor.tenant))) {
      throw new ProblemError('ALERT_SILENCE_NOT_FOUND', `There is no silence ${id}, or it has ended.`);
    }
    this.rounds.look();
    return { id };
  }

  async list({ limit, cursor = '' }: ActionRequest<'listAlertSilences'>, actor: Actor): Promise<AlertSilencePage> {
    const found = await this.silences.behind(cursor, actor.tenant, new Date(), limit + 1);
    const shown = found.slice(0, limit);
    return { items: shown.map(viewSilence), next_cursor: found.length > limit ? (shown.at(-1)?._id ?? null) : null };
  }
}

function viewSilence({ _id: id, created_at, until, ...rest }: AlertSilence): AlertSilenceView {
  return { id, ...rest, created_at: created_at.toISOString(), until: until.toISOString() };
}
