import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client } from '@kintsugi/client';

const ordinary = { product_id: 'shop', sending_group_id: 'readers' };

const numbered = (count: number) => Array.from({ length: count }, (_, number) => ({ id: `n-${number}`, payload: { number } }));

/** Tasks that wait for others: what each shop sold is fetched, cleaned, summed up by region and told; one region has no figures. */
const pipeline = () => {
  const shops = ['lyon', 'kyoto', 'oslo', 'porto', 'quito', 'turin'];
  const regions = ['europe', 'asia', 'america'];
  const regionOf = (shop: string) => (shop === 'kyoto' ? 'asia' : shop === 'quito' ? 'america' : 'europe');
  return [
    ...shops.map((shop) => ({ id: `fetch-${shop}`, payload: { step: 'fetch', shop } })),
    ...shops.map((shop) => ({ id: `clean-${shop}`, payload: { step: 'clean', shop }, depends_on: [`fetch-${shop}`] })),
    ...regions.map((region) => ({
      id: `sum-${region}`,
      payload: { step: 'sum', region },
      depends_on: shops.filter((shop) => regionOf(shop) === region).map((shop) => `clean-${shop}`),
    })),
    { id: 'report', payload: { step: 'report' }, depends_on: regions.map((region) => `sum-${region}`) },
  ];
};

/** Jobs whose pages are worth a picture. */
export interface Seeded {
  /** It failed in part. */
  failed: string;
  /** Its tasks wait for each other. */
  pipeline: string;
  /** It runs, writes and uses something. */
  running: string;
}

/** Gives a platform jobs that went well, failed, wait and run. */
export async function seedPlatform(url: string, apiKey: string): Promise<Seeded> {
  const client = createClient({ baseUrl: url, apiKey });
  const submit = (type: string, tasks: ReturnType<typeof pipeline> | ReturnType<typeof numbered>, team: string) =>
    client.createJob({ ...ordinary, type, tasks, labels: { team } });
  const running = await submit('report.nightly', numbered(3), 'data');
  await submit('video.encode', numbered(4), 'media');
  for (let count = 5; count <= 45; count += 10) await submit('mail.send', numbered(count), 'news');
  await submit('invoice.render', numbered(30), 'billing');
  const waiting = await submit('sales.figures', pipeline(), 'data');
  const failed = await submit('mail.send', numbered(400), 'news');
  await client.createSchedule({
    name: 'nightly-report',
    cron: '0 2 * * *',
    job: { ...ordinary, type: 'report.nightly', tasks: [{}] },
  });
  await client.createAlertCondition({ name: 'no-workers', signal: 'queue_workers', threshold: 1, severity: 'page' });
  await client.createAlertCondition({
    ...{ name: 'many-failures', signal: 'job_failure_ratio', threshold: 0.1, for_s: 60, window_s: 900 },
    inhibited_by: ['no-workers'],
  });
  await client.createAlertSilence({ condition: 'many-failures', for_s: 3_600, reason: 'the mail relay is being moved' });
  await client.createWebhook({ name: 'on-call', url: 'https://hooks.example.com/kintsugi', events: ['job.failed'] });
  for (const { job_id } of [waiting, failed]) {
    for await (const { event } of client.followJob(job_id)) if (event === 'job.failed') break;
  }
  await askForRecovery(client, url);
  return { failed: failed.job_id, pipeline: waiting.job_id, running: running.job_id };
}

/** Somebody who may not approve it has asked for the recovery of a group. */
async function askForRecovery(client: Client, baseUrl: string): Promise<void> {
  const { key } = await client.createKey({ id: 'release-team', role: 'operator' });
  for (;;) {
    // Failures are grouped a moment after they happen.
    const [group] = (await client.listGroups({ state: 'open' })).items;
    if (group) {
      const when = [
        { kind: 'approval' as const, role: 'admin' as const },
        { kind: 'window' as const, from: '22:00', to: '06:00', time_zone: 'Europe/Berlin' },
      ];
      await createClient({ baseUrl, apiKey: key }).recoverGroup({ group_id: group.id, when });
      return;
    }
    await delay(200);
  }
}
