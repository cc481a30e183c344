import type { AlertSignalName } from '@kintsugi/contracts';
import { gaugeBy, rateBy, type FleetReading } from '../../fleet/domain/fleet-reading.js';

/** What all processes told at the look before, of which there may be none yet, and tell now. */
export interface FleetReadings {
  before: FleetReading | null;
  now: FleetReading;
}

/** A figure of the platform by its subjects; null where nobody tells it now, which is not the same as 0. */
export function fleetValues(signal: AlertSignalName, { before, now }: FleetReadings): ReadonlyMap<string, number> | null {
  // Only the job-service that leads keeps figures of queues: without it nothing is known of them.
  const workers = gaugeBy(now, 'kintsugi_workers', 'state');
  if (!workers?.size) return null;
  switch (signal) {
    case 'workers':
      return new Map([['', workers.get('up') ?? 0]]);
    case 'queue_age_s':
      return gaugeBy(now, 'kintsugi_queue_oldest_ready_age_seconds', 'type', { join: Math.max }) ?? new Map();
    case 'queue_ready':
      return gaugeBy(now, 'kintsugi_queue_tasks', 'type', { wanted: { state: 'ready' } }) ?? new Map();
    case 'queue_workers':
      return gaugeBy(now, 'kintsugi_queue_workers', 'type') ?? new Map();
    case 'failed_runs_per_s':
      if (!gaugeBy(now, 'kintsugi_attempts_total', 'type')) return before && new Map();
      return before && rateBy(before, now, 'kintsugi_attempts_total', 'type', { outcome: 'failed' });
    case 'retries_per_s': {
      const rates = before && rateBy(before, now, 'kintsugi_retries_total', 'error_type');
      return rates && new Map([['', [...rates.values()].reduce((sum, rate) => sum + rate, 0)]]);
    }
    default:
      return null;
  }
}
