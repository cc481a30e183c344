// `up --monitoring` on real programs: Prometheus sees each process of the platform through doors that ask who comes, and what fires in
// Alertmanager is an incident of the platform.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, type Client } from '@kintsugi/client';
import { startPlatform, type Platform } from '@kintsugi/supervisor';
import { freePort } from '@kintsugi/servers';
import { eventually } from '@kintsugi/testing';
import { monitoringPrograms } from '../integration/monitoring/monitoring-programs.js';

const programs = await monitoringPrograms();
// eslint-disable-next-line no-restricted-syntax -- neither PATH nor Debian's packages may give this machine a Prometheus
const onPrometheus = programs ? describe : describe.skip;

interface Targets {
  data: { activeTargets: { health: string; labels: Record<string, string>; lastError: string }[] };
}

onPrometheus('a platform that is watched', () => {
  let platform: Platform;
  let client: Client;

  beforeAll(async () => {
    const [PROMETHEUS_PORT, ALERTMANAGER_PORT] = [await freePort(), await freePort()];
    platform = await startPlatform({ settings: { AUTH: 'on', MONITORING: 'on', PROMETHEUS_PORT, ALERTMANAGER_PORT } });
    const apiKey = readFileSync(join(platform.home, 'run', 'cli-key'), 'utf8').trim();
    client = createClient({ baseUrl: platform.urls.api, apiKey });
  });

  afterAll(() => platform?.stop());

  test('is scraped whole', async () => {
    expect(platform.names).toEqual(expect.arrayContaining(['prometheus', 'alertmanager']));
    await eventually(async () => {
      const response = await fetch(`${platform.urls.prometheus}/api/v1/targets`);
      const { data } = (await response.json()) as Targets;
      const seen = data.activeTargets.map(({ labels, health, lastError }) => `${labels['service']} ${health} ${lastError}`);
      expect(seen.sort()).toEqual(['gateway up ', 'job-service up ', 'metrics-service up ', 'recovery-service up ']);
    });
  });

  test('takes in what fires', async () => {
    const labels = { alertname: 'TestOfTheWatch', severity: 'page' };
    const response = await fetch(`${platform.urls.alertmanager}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, annotations: { summary: 'somebody tries it' } }]),
    });
    expect(response.status).toBe(200);
    await eventually(async () => {
      const { items } = await client.listAlerts({ name: labels.alertname });
      expect(items).toMatchObject([{ source: 'alertmanager', state: 'firing', severity: 'page' }]);
    });
  });
});
