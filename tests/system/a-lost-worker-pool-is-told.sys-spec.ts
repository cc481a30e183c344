// On a real Prometheus and Alertmanager: a pool of workers that is killed ends as a notification and as an incident here, and both are
// over once workers are back.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlertPage } from '@kintsugi/contracts';
import { HttpReceiver, eventually } from '@kintsugi/testing';
import { monitoringPrograms } from '../integration/monitoring/monitoring-programs.js';
import { MonitoringUnderTest } from '../integration/monitoring/monitoring-under-test.js';
import { PlatformUnderTest, numberedTasks } from './platform-under-test.js';

interface Notification {
  alerts: { status: string; labels: Record<string, string>; annotations: Record<string, string> }[];
}

const programs = await monitoringPrograms();
// eslint-disable-next-line no-restricted-syntax -- neither PATH nor Debian's packages may give this machine a Prometheus
const onPrometheus = programs ? describe : describe.skip;

const alert = 'KintsugiNoWorkers';
const type = 'test.deliver';

onPrometheus('a pool of workers that is gone', () => {
  const told: string[] = [];
  let under: PlatformUnderTest;
  let monitoring: MonitoringUnderTest | undefined;
  let receiver: HttpReceiver;

  beforeAll(async () => {
    under = await PlatformUnderTest.start({ workers: 1, restart: false });
    receiver = await HttpReceiver.start(({ body }) => {
      for (const { status, labels, annotations } of (JSON.parse(body) as Notification).alerts) {
        told.push(`${status} ${labels['alertname']} ${labels['type']} ${annotations['runbook_url']}`);
      }
    });
    const { api } = under.platform.urls;
    const hooks = [`${receiver.url}/`, new URL('/v1/hooks/alertmanager', api).href];
    if (programs) monitoring = new MonitoringUnderTest(programs);
    await monitoring?.start(api, alert, hooks);
  });

  afterAll(async () => {
    await monitoring?.stop();
    await receiver?.stop();
    await under?.stop();
  });

  const incidents = async (state: string): Promise<unknown[]> =>
    (await under.get<AlertPage>(`/v1/alerts?state=${state}&name=${alert}`)).items;

  test('is told of, and once it is back, that it is over', async () => {
    under.platform.kill('worker-1');
    const job = await under.createJob({ type, tasks: numberedTasks(10) });
    const line = (status: string): unknown =>
      expect.stringMatching(new RegExp(`^${status} ${alert} ${type} http.*/${alert}.md$`));
    await eventually(() => expect(told).toContainEqual(line('firing')));
    await eventually(async () => {
      expect(await incidents('firing')).toMatchObject([{ source: 'alertmanager', subject: type, severity: 'page' }]);
    });
    await under.platform.startAgain('worker-1');
    await eventually(() => expect(told).toContainEqual(line('resolved')));
    await eventually(async () => expect(await incidents('resolved')).toHaveLength(1));
    expect(await incidents('firing')).toEqual([]);
    await eventually(async () => expect(await under.job(job.job_id)).toMatchObject({ status: 'completed' }));
  });
});
