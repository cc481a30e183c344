import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder } from '@kintsugi/testing';
import { parse, stringify } from 'yaml';
import { alertCases, type AlertCase } from './alert-cases.js';
import { monitoringPrograms, outputOf } from './monitoring-programs.js';

const programs = await monitoringPrograms();
// eslint-disable-next-line no-restricted-syntax -- neither PATH nor Debian's packages may give this machine a Prometheus
const onPrometheus = programs ? describe : describe.skip;

const configurations = join(repository, 'deploy/monitoring/prometheus');
const rules = join(configurations, 'kintsugi-rules.yml');
const folder = createTemporaryFolder();

afterAll(() => folder.remove());

/** Whether an alert fires at a time, asked as anybody asks Prometheus. */
function question(alert: string, at: string, fires: boolean): object {
  const labels = `{alertname="${alert}"}`;
  const expr = `count by (alertname) (ALERTS{alertname="${alert}", alertstate="firing"})`;
  return { expr, eval_time: at, exp_samples: fires ? [{ labels, value: 1 }] : [] };
}

function testsOf({ alert, step = '1m', fires, firesAt, notYetAt, silent }: AlertCase): object[] {
  const of = (series: Record<string, string>, questions: object[]): object => ({
    interval: step,
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: questions,
  });
  const early = notYetAt === undefined ? [] : [question(alert, notYetAt, false)];
  return [of(fires, [...early, question(alert, firesAt, true)]), of(silent, [question(alert, firesAt, false)])];
}

onPrometheus('the rules, on a real Prometheus', () => {
  const { promtool = '', amtool = '' } = programs ?? {};

  test('can be read', async () => {
    expect(await outputOf(promtool, ['check', 'rules', rules])).toMatch(/SUCCESS/);
    expect(await outputOf(promtool, ['check', 'config', '--syntax-only', join(configurations, 'prometheus.yml')])).toMatch(
      /SUCCESS/,
    );
  });

  test('fire when they should, after as long as they should, and not otherwise', async () => {
    const paths = ['1m', '30m'].map((every) => {
      const path = join(folder.path, `cases-${every}.yml`);
      const cases = alertCases.filter(({ step = '1m' }) => step === every);
      // Alerts that ask for recordings come after them, as they do in the file.
      const order = { group_eval_order: ['kintsugi-recordings', 'kintsugi-objectives'] };
      const asked = { rule_files: [rules], evaluation_interval: every, ...order, tests: cases.flatMap(testsOf) };
      writeFileSync(path, stringify(asked));
      return path;
    });
    expect(await outputOf(promtool, ['test', 'rules', ...paths])).not.toMatch(/FAILED/);
  });

  test.each([
    ['pages', ['severity=page', 'alertname=KintsugiNoWorkers', 'type=send']],
    ['tickets', ['severity=ticket', 'alertname=KintsugiRetryStorm']],
    ['tickets', ['alertname=SomethingElse']],
  ])('Alertmanager tells %s of %j', async (receiver, labels) => {
    const config = `--config.file=${join(configurations, 'alertmanager.yml')}`;
    await outputOf(amtool, ['config', 'routes', 'test', config, `--verify.receivers=${receiver}`, ...labels]);
  });

  test('Alertmanager can read its configuration', async () => {
    expect(await outputOf(amtool, ['check-config', join(configurations, 'alertmanager.yml')])).toMatch(/SUCCESS/);
  });
});

test('each alert has a case in which it fires and one in which it does not', () => {
  const { groups } = parse(readFileSync(rules, 'utf8')) as { groups: { rules: { alert?: string }[] }[] };
  const alerts = groups.flatMap((group) => group.rules.flatMap(({ alert }) => alert ?? []));
  expect(alertCases.map(({ alert }) => alert).sort()).toEqual(alerts.sort());
});
