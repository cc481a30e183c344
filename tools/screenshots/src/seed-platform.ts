import { createClient } from '@kintsugi/client';

const ordinary = { product_id: 'shop', sending_group_id: 'readers' };

const numbered = (count: number) => Array.from({ length: count }, (_, number) => ({ id: `n-${number}`, payload: { number } }));

/** Gives a platform jobs that went well, failed, wait and run; resolves with one that failed in part. */
export async function seedPlatform(url: string): Promise<string> {
  const client = createClient({ baseUrl: url });
  const submit = (type: string, count: number, team: string) =>
    client.createJob({ ...ordinary, type, tasks: numbered(count), labels: { team } });
  await submit('report.nightly', 3, 'data');
  await submit('video.encode', 4, 'media');
  for (let count = 5; count <= 45; count += 10) await submit('mail.send', count, 'news');
  await submit('invoice.render', 30, 'billing');
  const { job_id } = await submit('mail.send', 400, 'news');
  for await (const { event } of client.followJob(job_id)) if (event === 'job.failed') break;
  return job_id;
}
