import type { PlatformHealth } from '@kintsugi/contracts';
import type { MetricFamily, ProcessFigures } from './metric-family.js';

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

/** Slots of pools by state, as their agents count them; null where no agent says. */
export function poolSlotsIn(figures: readonly ProcessFigures[]): Record<string, number> | null {
  if (figures.every(({ service }) => service !== 'pool-agent')) return null;
  const slots: Record<string, number> = {};
  for (const { labels, value } of valuesIn(figures, 'kintsugi_pool_slots')) {
    const state = String(labels['state']);
    slots[state] = (slots[state] ?? 0) + (value ?? 0);
  }
  return slots;
}

function valuesIn(figures: readonly ProcessFigures[], name: string): MetricFamily['values'] {
  return figures.flatMap(({ families }) => families.filter((family) => family.name === name).flatMap(({ values }) => values));
}
