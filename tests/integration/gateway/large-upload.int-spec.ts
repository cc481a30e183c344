import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createClient, type UploadProgress } from '@kintsugi/client';
import { limits } from '@kintsugi/contracts';
import { GatewayUnderTest, minimalJob } from './gateway-under-test.js';

let under: GatewayUnderTest;
let staged = { chunks: 0, tasks: 0, bytes: 0 };

beforeAll(async () => {
  under = await GatewayUnderTest.start();
  // As little as possible beside the gateway: what it is asked is counted and not kept.
  under.bus.subscribe('kin.req.job.stageTasks', (message) => {
    staged.chunks += 1;
    staged.bytes += message.data.length;
    staged.tasks += Number(/"count":(\d+)/.exec(Buffer.from(message.data.subarray(0, 120)).toString())?.[1]);
    message.respond('{"staged":1}');
  });
  under.answer('commitUpload', ({ job_id, total_tasks }) => ({ job_id, status: 'pending', total_tasks, replayed: false }));
  under.answer('abandonUpload', () => ({ staged: 0 }));
});

afterAll(() => under.stop());

const linesABlock = 1_000;

/** Task lines with ids of their own, a block at a time. */
function* blocksOf(count: number): Generator<string> {
  for (let first = 0; first < count; first += linesABlock) {
    let text = '';
    for (let index = first; index < Math.min(count, first + linesABlock); index += 1) {
      text += `{"id":"t${index}","payload":{"n":${index}}}\n`;
    }
    yield text;
  }
}

it('a million tasks go through in bounded memory, and one more does not', async () => {
  const client = createClient({ baseUrl: under.url, apiKey: under.keys.operator });
  const progress: UploadProgress[] = [];
  // The first one warms up: what the process needs anyway is not counted.
  await client.submitTasks(minimalJob, blocksOf(100_000));
  const rssBefore = process.memoryUsage.rss();
  let rssMost = rssBefore;
  staged = { chunks: 0, tasks: 0, bytes: 0 };
  const receipt = await client.submitTasks(minimalJob, blocksOf(limits.tasksPerJob), {
    onProgress: (now) => {
      progress.push(now);
      rssMost = Math.max(rssMost, process.memoryUsage.rss());
    },
  });
  expect(receipt).toMatchObject({ status: 'pending', total_tasks: limits.tasksPerJob });
  expect(staged).toMatchObject({ tasks: limits.tasksPerJob, chunks: Math.ceil(limits.tasksPerJob / limits.tasksPerChunk) });
  expect(progress.at(-1)).toMatchObject({ tasks: limits.tasksPerJob });
  expect(under.askedOf('commitUpload').at(-1)).toMatchObject({ chunks: staged.chunks, total_tasks: limits.tasksPerJob });
  // 42 MB of text went through twice, at both ends; none of it may pile up. The rest is what a lazy collector leaves.
  expect((rssMost - rssBefore) / 1024 ** 2).toBeLessThan(220);

  const tooMany = client.submitTasks(
    minimalJob,
    (function* () {
      for (let block = 0; block < limits.tasksPerJob / linesABlock; block += 1) yield '{}\n'.repeat(linesABlock);
      yield '{}';
    })(),
  );
  await expect(tooMany).rejects.toMatchObject({
    code: 'TOO_MANY_TASKS',
    extras: { errors: [{ path: `line ${limits.tasksPerJob + 2}` }] },
  });
  expect(under.askedOf('commitUpload')).toHaveLength(2);
});
