import type { MetricsServiceSettings } from '../metrics-service.config.js';
import type { Resolution } from './domain/usage-record.js';

const dayMs = 86_400_000;

/** How long usage of each resolution is kept. */
export function keptMsOf(settings: MetricsServiceSettings): Record<Resolution, number> {
  return {
    sample: settings.USAGE_SAMPLES_DAYS * dayMs,
    minute: settings.USAGE_MINUTES_DAYS * dayMs,
    hour: settings.USAGE_HOURS_DAYS * dayMs,
  };
}
