import type { DashboardSpec } from './dashboard.js';
import { platform, recovery, slo } from './health-dashboards.js';
import { jobType, overview, queues, workers } from './work-dashboards.js';

export const allDashboards: readonly DashboardSpec[] = [overview, queues, jobType, workers, recovery, slo, platform];
