import { createClient, type TaskResult } from '@kintsugi/client';
import { greet } from './jobs.js';

/** Submits a job, follows it to its end, and holds its results to what they must be. Ends with an error where they are not. */
const client = createClient();

async function resultsOf(jobId: string): Promise<TaskResult<typeof greet>[]> {
  for await (const event of client.followJob(jobId)) {
    if (event.event === 'job.failed') throw new Error(`${jobId} has failed.`);
  }
  const results: TaskResult<typeof greet>[] = [];
  for await (const result of client.results(greet, jobId)) results.push(result);
  return results;
}

function expectGreetings(results: TaskResult<typeof greet>[], names: string[]): void {
  const told = results.map(({ key, result: { greeting, year } }) => `${key} ${greeting} ${year + 1}`);
  const wanted = names.map((name) => `${name} Hello, ${name}! 2027`);
  if (told.join() !== wanted.join()) throw new Error(`The results are ${told.join()}, and not ${wanted.join()}.`);
}

const job = { product_id: 'shop', sending_group_id: 'Cy,Dee' };
const given = await client.submit(greet, job, [{ id: 'Ada', payload: { name: 'Ada', on: '2026-01-02' } }]);
expectGreetings(await resultsOf(given.job_id), ['Ada']);
const planned = await client.submit(greet, job);
expectGreetings(await resultsOf(planned.job_id), ['Cy', 'Dee']);

const refused = await client.submit(greet, job, [{ payload: { name: '', on: 'never' } }]).catch((error: unknown) => error);
if (!(refused instanceof Error) || !refused.message.includes('tasks[0].payload.name')) {
  throw new Error(`It was ${String(refused)}.`);
}
