import { allDashboards } from '../dashboards/all-dashboards.js';
import { composeOptions, usualOptions, type MixinOptions } from '../mixin-options.js';
import { dashboardJson } from './dashboard-json.js';
import { dashboardProvisioning, datasourceProvisioning } from './grafana-provisioning.js';
import { dashboardConfigMaps, prometheusRule } from './kubernetes-forms.js';
import { uidOf } from './links.js';
import { ruleGroups } from './rules.js';
import { runbookPages } from './runbook-pages.js';
import { alertmanagerConfiguration, prometheusConfiguration } from './server-configurations.js';
import { yamlText } from './yaml-text.js';

/** Folders in which nothing stands but what the mixin makes. */
export const mixinFolders = ['deploy/monitoring', 'docs/runbooks'] as const;

/** What Prometheus and Alertmanager read on one machine, by file name. */
export function serverFiles(options: MixinOptions): Map<string, string> {
  return new Map([
    ['prometheus.yml', yamlText(prometheusConfiguration(options))],
    ['kintsugi-rules.yml', yamlText({ groups: ruleGroups(options) })],
    ['alertmanager.yml', yamlText(alertmanagerConfiguration(options))],
  ]);
}

/** Every file that the mixin makes, by its path in the repository. The same sources always give the same text. */
export function monitoringFiles(): Map<string, string> {
  const [deploy, runbooks] = mixinFolders;
  const files: [string, string][] = [];
  for (const [name, text] of serverFiles(usualOptions)) files.push([`${deploy}/prometheus/${name}`, text]);
  files.push(
    [`${deploy}/compose/prometheus.yml`, yamlText(prometheusConfiguration(composeOptions))],
    [`${deploy}/grafana/provisioning/datasources/kintsugi.yml`, yamlText(datasourceProvisioning('http://prometheus:9090'))],
    [`${deploy}/grafana/provisioning/dashboards/kintsugi.yml`, yamlText(dashboardProvisioning('/var/lib/grafana/dashboards'))],
    [`${deploy}/kubernetes/prometheus-rule.yml`, yamlText(prometheusRule(usualOptions))],
    [`${deploy}/kubernetes/dashboards.yml`, yamlText(...dashboardConfigMaps())],
  );
  for (const spec of allDashboards) files.push([`${deploy}/grafana/dashboards/${uidOf(spec.name)}.json`, dashboardJson(spec)]);
  for (const [name, text] of runbookPages()) files.push([`${runbooks}/${name}`, text]);
  return new Map(files);
}
