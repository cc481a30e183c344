import { alertGroups } from '../alerts/all-alerts.js';
import type { Alert } from '../alerts/alert.js';
import type { MixinOptions } from '../mixin-options.js';
import { burnRecordings } from '../slo/burn-rates.js';
import { uidOf } from './links.js';

interface RuleGroup {
  name: string;
  rules: object[];
}

/** Recording and alert rules in the form that Prometheus and the operator of Kubernetes share. */
export function ruleGroups(options: MixinOptions): RuleGroup[] {
  const recordings = {
    name: 'kintsugi-recordings',
    rules: burnRecordings.map(({ record, expr, labels }) => ({ record, expr, labels })),
  };
  const alerts = [...alertGroups].map(([name, group]) => ({ name, rules: group.map((alert) => ruleOf(alert, options)) }));
  return [recordings, ...alerts];
}

function ruleOf(alert: Alert, { runbookUrl, dashboardUrl }: MixinOptions): object {
  return {
    alert: alert.name,
    expr: alert.expr,
    for: alert.for,
    labels: { product: 'kintsugi', severity: alert.severity, ...alert.labels },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook_url: `${runbookUrl}/${alert.name}.md`,
      dashboard_url: `${dashboardUrl}/${uidOf(alert.dashboard)}`,
    },
  };
}
