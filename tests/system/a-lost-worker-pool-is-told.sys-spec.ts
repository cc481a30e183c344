// On a real Prometheus and Alertmanager: a pool of workers that is killed ends as a notification and as an incident here, and both are
// over once workers are back.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlertPage } from '@kintsugi/contracts';
import { freePort } from '@kintsugi/servers';
import { repository } from '@kintsugi/supervisor';
import { createTemporaryFolder, eventually } from '@kintsugi/testing';
import { parse, stringify } from 'yaml';
import { alertmanagerAnywhere } from '../integration/monitoring/alertmanager-anywhere.js';
import { monitoringPrograms } from '../integration/monitoring/monitoring-programs.js';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

interface Notification {
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
}

interface Rules {
  groups: { rules: { alert?: string; for?: string }[] }[];
}

interface Routes {
  route: Record<string, unknown> & { routes: Record<string, unknown>[] };
  receivers: { name: string; webhook_configs?: { url: string }[] }[];
}

const programs = await monitoringPrograms();
// eslint-disable-next-line no-restricted-syntax -- neither PATH nor Debian's packages may give this machine a Prometheus
const onPrometheus = programs ? describe : describe.skip;

const configurations = join(repository, 'deploy/monitoring/prometheus');
const alert = 'KintsugiNoWorkers';
const type = 'test.deliver';
const short = { group_wait: '1s', group_interval: '1s', repeat_interval: '1h' };
const patience = { timeoutMs: 30_000 };

const read = (name: string): unknown => parse(readFileSync(join(configurations, name), 'utf8'));

onPrometheus('a pool of workers that is gone', () => {
  const folder = createTemporaryFolder();
  const children: ChildProcess[] = [];
  const told: string[] = [];
  let under: PlatformUnderTest;
  let receiver: Server;

  beforeAll(async () => {
    under = await PlatformUnderTest.start({ workers: 1, restart: false });
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => {
        for (const { status, labels, annotations } of (JSON.parse(body) as Notification).alerts) {
          told.push(`${status} ${labels['alertname']} ${labels['type']} ${annotations['runbook_url']}`);
        }
        response.writeHead(200).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const alertmanager = `127.0.0.1:${await freePort()}`;
    startAlertmanager(alertmanager);
    await startPrometheus(alertmanager);
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    receiver?.close();
    await under?.stop();
    await folder.remove();
  });

  /** The routes as they are committed, with addresses, and without the patience of people. */
  function startAlertmanager(address: string): void {
    const configuration = read('alertmanager.yml') as Routes;
    const hooks = [
      `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`,
      new URL('/v1/hooks/alertmanager', under.platform.urls.api).href,
    ];
    Object.assign(configuration.route, short);
    for (const route of configuration.route.routes) Object.assign(route, short);
    for (const one of configuration.receivers) one.webhook_configs = hooks.map((url) => ({ url }));
    writeFileSync(join(folder.path, 'alertmanager.yml'), stringify(configuration));
    const { program, folder: cwd } = alertmanagerAnywhere(programs?.alertmanager ?? '', folder.path);
    run(program, cwd, [
      `--config.file=${join(folder.path, 'alertmanager.yml')}`,
      `--storage.path=${join(folder.path, 'alertmanager')}`,
      ...[`--web.listen-address=${address}`, '--cluster.listen-address='],
    ]);
  }

  /** The rules as they are committed, looked at each second, and one of them without its two minutes. */
  async function startPrometheus(alertmanager: string): Promise<void> {
    const rules = read('kintsugi-rules.yml') as Rules;
    for (const rule of rules.groups.flatMap((group) => group.rules)) if (rule.alert === alert) rule.for = '1s';
    writeFileSync(join(folder.path, 'kintsugi-rules.yml'), stringify(rules));
    const targets = new URL('/metrics/targets', under.platform.urls.api).href;
    const configuration = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['kintsugi-rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: [{ job_name: 'kintsugi', http_sd_configs: [{ url: targets, refresh_interval: '1s' }] }],
    };
    writeFileSync(join(folder.path, 'prometheus.yml'), stringify(configuration));
    run(programs?.prometheus ?? '', folder.path, [
      `--config.file=${join(folder.path, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder.path, 'prometheus')}`,
      ...[`--web.listen-address=127.0.0.1:${await freePort()}`, '--rules.alert.resend-delay=1s'],
    ]);
  }

  function run(program: string, cwd: string, args: readonly string[]): void {
    children.push(spawn(program, args, { stdio: 'ignore', cwd }));
  }

  const incidents = async (state: string): Promise<unknown[]> =>
    (await under.get<AlertPage>(`/v1/alerts?state=${state}&name=${alert}`)).items;

  test('is told of, and once it is back, that it is over', async () => {
    under.platform.kill('worker-1');
    const job = await under.createJob({ type, tasks: numberedTasks(10) });
    const line = (status: string): unknown =>
      expect.stringMatching(new RegExp(`^${status} ${alert} ${type} http.*/${alert}.md$`));
    await eventually(() => expect(told).toContainEqual(line('firing')), patience);
    await eventually(async () => {
      expect(await incidents('firing')).toMatchObject([{ source: 'alertmanager', subject: type, severity: 'page' }]);
    }, patience);
    await under.platform.startAgain('worker-1');
    await eventually(() => expect(told).toContainEqual(line('resolved')), patience);
    await eventually(async () => expect(await incidents('resolved')).toHaveLength(1), patience);
    expect(await incidents('firing')).toEqual([]);
    await eventually(async () => expect(await under.job(job.job_id)).toMatchObject({ status: 'completed' }));
  });
});
