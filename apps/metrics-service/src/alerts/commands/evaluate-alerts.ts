import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AlertNotice } from '@kintsugi/contracts';
import { NotifyWebhooks } from '../../webhooks/notify-webhooks.js';
import { AlertFigures } from '../alert-figures.js';
import type { Alert } from '../domain/alert.js';
import type { AlertCondition } from '../domain/alert-condition.js';
import { roundOf, type AlertChange } from '../domain/alert-round.js';
import { alertMessage, messageIdOf } from '../domain/alert-texts.js';
import { AlertStore } from '../mongo/alert-store.js';
import { SilenceStore } from '../mongo/silence-store.js';

export interface Evaluated {
  /** Whether somebody was told of something. */
  told: boolean;
  firing: number;
}

/** Looks at all conditions once, and writes what follows. */
@Injectable()
export class EvaluateAlerts {
  constructor(
    private readonly alerts: AlertStore,
    private readonly silences: SilenceStore,
    private readonly figures: AlertFigures,
    private readonly webhooks: NotifyWebhooks,
  ) {}

  /** @param isOver whether another replica leads by now: nothing more is written then */
  async execute(conditions: readonly AlertCondition[], now: Date, isOver: () => boolean): Promise<Evaluated> {
    const [open, silences, figures] = await Promise.all([
      this.alerts.open(),
      this.silences.standing(now),
      this.figures.of(
        conditions.filter(({ enabled }) => enabled),
        now,
      ),
    ]);
    const newId = (): string => `alr_${randomUUID().replaceAll('-', '')}`;
    let told = false;
    for (const change of roundOf({ conditions, open, silences, figures, now, newId })) {
      if (isOver()) break;
      if ((await this.write(change, now)) && change.notice) told = true;
    }
    return { told, firing: open.filter(({ state }) => state === 'firing').length };
  }

  /** The alert and the messages about it are written together or not at all: whoever comes second finds nothing left to tell. */
  private async write({ before, after, notice, notify }: AlertChange, now: Date): Promise<boolean> {
    if (after === null || notice === null) return this.alerts.write(before, after);
    const webhooks = await this.webhooks.hearingAlert(notice, after.tenant, notify, now.getTime());
    return this.alerts.write(before, after, async (session) => {
      await this.webhooks.post(webhooks, messageOf(after, notice, now), now.getTime(), session);
    });
  }
}

function messageOf(alert: Alert, notice: AlertNotice, at: Date): { id: string; event: AlertNotice; body: string } {
  return { id: messageIdOf(alert, notice), event: notice, body: alertMessage(alert, notice, at) };
}
