import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@kintsugi/servers';
import { alertmanagerAnywhere, repository } from '@kintsugi/supervisor';
import { createTemporaryFolder } from '@kintsugi/testing';
import { parse, stringify } from 'yaml';
import type { MonitoringPrograms } from '../../../tools/setup/fetch/monitoring-programs.mjs';

interface Rules {
  groups: { rules: { alert?: string; for?: string }[] }[];
}

interface Routes {
  route: Record<string, unknown> & { routes: Record<string, unknown>[] };
  receivers: { name: string; webhook_configs?: { url: string }[] }[];
}

const configurations = join(repository, 'deploy/monitoring/prometheus');
const short = { group_wait: '1s', group_interval: '1s', repeat_interval: '1h' };

const read = (name: string): unknown => parse(readFileSync(join(configurations, name), 'utf8'));

/** A Prometheus and an Alertmanager with the committed rules and routes, without the patience that people have. */
export class MonitoringUnderTest {
  private readonly folder = createTemporaryFolder();
  private readonly children: ChildProcess[] = [];

  constructor(private readonly programs: MonitoringPrograms) {}

  /**
   * @param api the gateway, whose targets are scraped
   * @param alert fires after a second
   * @param hooks addresses that Alertmanager posts to
   */
  async start(api: string, alert: string, hooks: readonly string[]): Promise<void> {
    const alertmanager = `127.0.0.1:${await freePort()}`;
    this.startAlertmanager(alertmanager, hooks);
    await this.startPrometheus(alertmanager, new URL('/metrics/targets', api).href, alert);
  }

  async stop(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    await this.folder.remove();
  }

  private startAlertmanager(address: string, hooks: readonly string[]): void {
    const configuration = read('alertmanager.yml') as Routes;
    Object.assign(configuration.route, short);
    for (const route of configuration.route.routes) Object.assign(route, short);
    for (const receiver of configuration.receivers) receiver.webhook_configs = hooks.map((url) => ({ url }));
    const { program, folder } = alertmanagerAnywhere(this.programs.alertmanager, this.folder.path);
    this.run(program, folder, [
      `--config.file=${this.write('alertmanager.yml', configuration)}`,
      `--storage.path=${join(this.folder.path, 'alertmanager')}`,
      ...[`--web.listen-address=${address}`, '--cluster.listen-address='],
    ]);
  }

  private async startPrometheus(alertmanager: string, url: string, alert: string): Promise<void> {
    const rules = read('kintsugi-rules.yml') as Rules;
    for (const rule of rules.groups.flatMap((group) => group.rules)) if (rule.alert === alert) rule.for = '1s';
    this.write('kintsugi-rules.yml', rules);
    const configuration = this.write('prometheus.yml', {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: ['kintsugi-rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: [{ job_name: 'kintsugi', http_sd_configs: [{ url, refresh_interval: '1s' }] }],
    });
    this.run(this.programs.prometheus, this.folder.path, [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(this.folder.path, 'prometheus')}`,
      ...[`--web.listen-address=127.0.0.1:${await freePort()}`, '--rules.alert.resend-delay=1s'],
    ]);
  }

  private write(name: string, content: unknown): string {
    const path = join(this.folder.path, name);
    writeFileSync(path, stringify(content));
    return path;
  }

  private run(program: string, cwd: string, args: readonly string[]): void {
    this.children.push(spawn(program, args, { stdio: 'ignore', cwd }));
  }
}
