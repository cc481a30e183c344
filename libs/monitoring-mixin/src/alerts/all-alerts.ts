import { burnAlerts } from '../slo/burn-rates.js';
import type { Alert } from './alert.js';
import { capacityAlerts } from './capacity-alerts.js';
import { correctnessAlerts } from './correctness-alerts.js';
import { platformAlerts } from './platform-alerts.js';
import { recoveryAlerts } from './recovery-alerts.js';

/** By the group of rules that they stand in. */
export const alertGroups: ReadonlyMap<string, readonly Alert[]> = new Map([
  ['kintsugi-capacity', capacityAlerts],
  ['kintsugi-objectives', burnAlerts],
  ['kintsugi-recovery', recoveryAlerts],
  ['kintsugi-correctness', correctnessAlerts],
  ['kintsugi-platform', platformAlerts],
]);

export const allAlerts: readonly Alert[] = [...alertGroups.values()].flat();
