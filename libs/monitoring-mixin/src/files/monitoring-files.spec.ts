import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { allAlerts } from '../alerts/all-alerts.js';
import { dashboardNames } from '../alerts/alert.js';
import { allDashboards } from '../dashboards/all-dashboards.js';
import { monitoringFiles } from './monitoring-files.js';

const files = monitoringFiles();
const textOf = (path: string): string => files.get(path) ?? '';

describe('an alert', () => {
  const { groups } = parse(textOf('deploy/monitoring/prometheus/kintsugi-rules.yml')) as {
    groups: { rules: Rule[] }[];
  };
  const rules = groups.flatMap(({ rules: all }) => all).filter(({ alert }) => alert !== undefined);

  test('has a name of its own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(allAlerts.length);
  });

  test.each(rules.map((rule): [string, Rule] => [rule.alert ?? '', rule]))(
    '%s says what is wrong, and leads to what to do and where to look',
    (name, rule) => {
      expect(rule.labels).toMatchObject({ product: 'kintsugi', severity: expect.stringMatching(/^(page|ticket)$/) });
      expect(rule.annotations).toMatchObject({ summary: expect.any(String), description: expect.any(String) });
      expect(rule.annotations['runbook_url']).toMatch(new RegExp(`/${name}\\.md$`));
      expect(textOf(`docs/runbooks/${name}.md`)).toContain('## Mend');
      const uid = rule.annotations['dashboard_url']?.split('/').at(-1);
      expect(files.has(`deploy/monitoring/grafana/dashboards/${uid}.json`)).toBe(true);
    },
  );
});

describe('Alertmanager', () => {
  const { inhibit_rules: inhibitions } = parse(textOf('deploy/monitoring/prometheus/alertmanager.yml')) as {
    inhibit_rules: { source_matchers: string[]; target_matchers: string[]; equal?: string[] }[];
  };

  test('silences a symptom only where its cause is about the same', () => {
    for (const { equal } of inhibitions) expect(equal?.length).toBeGreaterThan(0);
  });

  test('silences alerts that there are', () => {
    const names = inhibitions.flatMap(({ source_matchers, target_matchers }) =>
      [...source_matchers, ...target_matchers].join().match(/Kintsugi\w+/g),
    );
    const known = new Set(allAlerts.map(({ name }) => name));
    expect(names.filter((name) => !known.has(name ?? ''))).toEqual([]);
  });
});

/** What Grafana's linter asks of a dashboard that others import. */
describe('a dashboard', () => {
  test('stands for each name that an alert can lead to', () => {
    expect(allDashboards.map(({ name }) => name).sort()).toEqual([...dashboardNames].sort());
  });

  test.each(allDashboards.map(({ name }) => [name]))('%s can be imported anywhere, and is changed in its source only', (name) => {
    const dashboard = JSON.parse(textOf(`deploy/monitoring/grafana/dashboards/kintsugi-${name}.json`)) as {
      editable: boolean;
      templating: { list: { name: string; type: string }[] };
      panels: Panel[];
    };
    expect(dashboard.editable).toBe(false);
    expect(dashboard.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource' });
    for (const panel of dashboard.panels.filter(({ type }) => type !== 'row')) {
      expect(panel).toMatchObject({
        ...{ title: expect.any(String), description: expect.stringMatching(/\.$/), datasource: { uid: '$datasource' } },
        fieldConfig: { defaults: { unit: expect.any(String) } },
      });
      for (const { expr } of panel.targets) expect(expr).not.toMatch(/rate\([^[]*\[\d/);
    }
  });
});

interface Rule {
  alert?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface Panel {
  type: string;
  targets: { expr: string }[];
}
