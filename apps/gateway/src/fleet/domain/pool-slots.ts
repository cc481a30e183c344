import type { PlatformHealth } from '@kintsugi/contracts';
import type { ProcessFigures } from './metric-family.js';

/** Slots by state, of all agents of pools; null where none says. */
export function poolsIn(figures: readonly ProcessFigures[]): PlatformHealth['pools'] {
  const told = figures.flatMap(({ families }) => families.filter(({ name }) => name === 'kintsugi_pool_slots'));
  if (told.length === 0) return null;
  const slots: Record<string, number> = {};
  for (const { labels, value } of told.flatMap(({ values }) => values)) {
    const state = String(labels['state']);
    slots[state] = (slots[state] ?? 0) + (value ?? 0);
  }
  return { slots };
}
