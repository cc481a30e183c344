import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS } from '@kintsugi/hosting';
import { Metrics } from '@kintsugi/observability';
import type { MetricsServiceSettings } from '../../metrics-service.config.js';
import { alertmanagerBody, postToAlertmanager } from '../http/post-to-alertmanager.js';
import { AlertStore } from '../mongo/alert-store.js';

/** It must hear of an alert again and again, or takes it for over. */
const againMs = 30_000;
/** For so long it hears of the end: one that was away meanwhile has forgotten the alert by then. */
const endsToldMs = 300_000;
const alertsPerPost = 500;

/** Tells each Alertmanager of the settings what fires, again and again until it is resolved, and that it is. */
@Injectable()
export class TellAlertmanager {
  private told = -Infinity;
  private telling: Promise<void> | null = null;

  constructor(
    private readonly alerts: AlertStore,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: MetricsServiceSettings,
  ) {}

  /**
   * Begins to tell where it is time; one that is slow keeps nobody else waiting.
   * @param isNews something has fired or was resolved: it is told at once
   */
  begin(isNews: boolean, onFault: (error: unknown) => void): void {
    if (this.settings.ALERTMANAGER_URLS.length === 0) return;
    // What is under way may have been read before the news: they are told with the next look.
    if (this.telling && isNews) this.told = -Infinity;
    if (this.telling) return;
    if (!isNews && performance.now() - this.told < againMs) return;
    this.told = performance.now();
    this.telling = this.tell(onFault)
      .catch(onFault)
      .finally(() => (this.telling = null));
  }

  async settled(): Promise<void> {
    await this.telling;
  }

  private async tell(onFault: (error: unknown) => void): Promise<void> {
    const now = new Date();
    const alerts = await this.alerts.told(new Date(now.getTime() - endsToldMs));
    const body = alertmanagerBody(
      alerts.filter(({ hushed_by: hushed }) => hushed === null),
      now,
    );
    const posts = this.settings.ALERTMANAGER_URLS.map(async (url) => {
      try {
        for (let from = 0; from < body.length; from += alertsPerPost) {
          await postToAlertmanager(url, body.slice(from, from + alertsPerPost));
        }
        if (body.length > 0) this.metrics.count('kintsugi_alertmanager_posts_total', { outcome: 'taken' });
      } catch (error) {
        this.metrics.count('kintsugi_alertmanager_posts_total', { outcome: 'failed' });
        // Soon, and not only when all are told again.
        this.told = -Infinity;
        onFault(error);
      }
    });
    await Promise.all(posts);
  }
}
