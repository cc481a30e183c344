import { allDashboards } from '../dashboards/all-dashboards.js';
import type { MixinOptions } from '../mixin-options.js';
import { dashboardJson } from './dashboard-json.js';
import { uidOf } from './links.js';
import { ruleGroups } from './rules.js';

const labels = { 'app.kubernetes.io/name': 'kintsugi', 'app.kubernetes.io/component': 'monitoring' };

/** The rules as the operator of Prometheus takes them. */
export function prometheusRule(options: MixinOptions): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'kintsugi', labels },
    spec: { groups: ruleGroups(options) },
  };
}

/** The dashboards as the sidecar of Grafana's chart finds them. */
export function dashboardConfigMaps(): object[] {
  return allDashboards.map((spec) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: uidOf(spec.name), labels: { ...labels, grafana_dashboard: '1' } },
    data: { [`${uidOf(spec.name)}.json`]: dashboardJson(spec) },
  }));
}
