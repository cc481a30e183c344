import type { PlatformHealth } from '@kintsugi/contracts';
import { valuesIn, type ProcessFigures } from './metric-family.js';

/** How far the platform is behind with what it has taken. */
export function lagIn(figures: readonly ProcessFigures[]): PlatformHealth['lag'] {
  const waiting = valuesIn(figures, 'kintsugi_consumer_pending').map(({ value }) => value ?? 0);
  const ages = valuesIn(figures, 'kintsugi_queue_oldest_ready_age_seconds').map(({ value }) => value ?? 0);
  const tells = figures.some(({ service }) => service === 'job-service');
  return {
    waiting_messages: waiting.length === 0 ? null : waiting.reduce((sum, value) => sum + value, 0),
    oldest_ready_task_s: tells ? Math.round(Math.max(0, ...ages)) : null,
  };
}
