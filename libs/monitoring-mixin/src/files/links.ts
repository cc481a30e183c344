import type { DashboardName } from '../alerts/alert.js';

/** What a dashboard is called in its address, wherever it is imported. */
export function uidOf(dashboard: DashboardName): string {
  return `kintsugi-${dashboard}`;
}
