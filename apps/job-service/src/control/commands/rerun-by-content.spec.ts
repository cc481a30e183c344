import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseExactly, type RerunPartial as RerunRequest, type RerunPlan, type TaskInput } from '@kintsugi/contracts';
import { uuid } from '../../tasks/domain/chunk-sample.js';
import { RerunWorld } from '../../reconcile/rerun-world.js';

const jobId = `job_${uuid}`;
const chain: TaskInput[] = [
  { id: 'a' },
  { id: 'b', depends_on: ['a'] },
  { id: 'c', depends_on: ['b'] },
  { id: 'd', depends_on: ['c'] },
  { id: 'beside' },
];
/** All of a job, as far as its inputs have changed. */
const changedOnly = { only_failed: false, reuse: 'unchanged' } as const;

let world: RerunWorld;

beforeEach(() => {
  world = new RerunWorld();
});

const keysOf = ({ tasks }: { tasks: { key: string | null }[] }): string => tasks.map(({ key }) => key).join(' ');
const withParams = (key: string, params: string | undefined): unknown => `${key} ${params ?? ''}`;
const never = (): boolean => false;

async function run(
  given: Partial<RerunRequest>,
  gives = withParams,
  fails: (key: string) => boolean = never,
): Promise<RerunPlan> {
  const plan = await world.ask(given);
  await world.runAll(plan.run?.job_id ?? '', fails, gives);
  return plan;
}

async function resultsOf(id: string | undefined): Promise<unknown[]> {
  const chunks = await world.service.chunks.page(id ?? '', 0, null, 99);
  return chunks.flatMap(({ identity, state }) => Array.from({ length: identity.count }, (_, at) => state.extras.results[at]));
}

describe('a rerun that keeps what was made of the same inputs', () => {
  test('runs nothing again of a job whose inputs are as they were', async () => {
    await world.failedJob({}, never);
    const plan = await world.ask({ ...changedOnly, dry_run: true });
    expect([keysOf(plan.rerun), keysOf(plan.reuse)]).toEqual(['', 'a b c d beside']);
    for (const { content_key, from_job_id } of plan.reuse.tasks) {
      expect([content_key, from_job_id]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), jobId]);
    }
    expect(new Set(plan.reuse.tasks.map(({ content_key }) => content_key)).size).toBe(5);
    await expect(world.ask(changedOnly)).rejects.toThrow('Nothing is selected');
  });

  test('takes the output of a later run, with what it was made of, in place of what failed here', async () => {
    await world.failedJob();
    const first = await run({}, withParams, (key) => key === 'd');
    const plan = await world.ask({ reuse: 'unchanged' });
    expect([keysOf(plan.rerun), keysOf(plan.reuse)]).toEqual(['d', 'a b c beside']);
    expect(plan.reuse.tasks.map(({ from_job_id: id }) => id)).toEqual([jobId, first.run?.job_id, first.run?.job_id, jobId]);
    const id = plan.run?.job_id;
    await world.runAll(id ?? '', never);
    expect(await world.statesOf(id ?? '')).toEqual(Array(5).fill('succeeded'));
    expect(Object.fromEntries(world.runs)).toEqual({ a: 1, b: 2, c: 1, d: 2, beside: 1 });
    expect(await resultsOf(id)).toEqual(['"a"', '"b "', '"c "', '"d"', '"beside"']);
  });

  test('keeps outputs through runs of runs, though the parameters that made them are not asked for again', async () => {
    await world.failedJob();
    const parameters = { mended: true };
    const first = await run({ parameters }, withParams, (key) => key === 'c');
    const plan = await world.ask({ ...changedOnly, job_id: first.run?.job_id ?? '', dry_run: true });
    expect([keysOf(plan.rerun), keysOf(plan.reuse)]).toEqual(['c d', 'a b beside']);
    // Of the job before them, with them, it is the same.
    const again = await world.ask({ reuse: 'unchanged', parameters, dry_run: true });
    expect([keysOf(again.rerun), keysOf(again.reuse)]).toEqual(['c d', 'a b beside']);
    const without = await world.ask({ reuse: 'unchanged', dry_run: true });
    expect(keysOf(without.rerun)).toBe('b c d');
    expect(without.rerun.tasks.map(({ content_key: key }) => key !== null)).toEqual([true, false, false]);
  });

  test('tells numbers apart that no double holds, and takes no parameters for none', async () => {
    await world.failedJob();
    const account = (digits: string) => ({ parameters: parseExactly(`{"account": ${digits}}`) as Record<string, unknown> });
    const first = await run(account('12345678901234567890'));
    const keysOfRerun = async (given: Partial<RerunRequest>): Promise<string> =>
      keysOf(
        (await world.ask({ ...changedOnly, ...given, task_ids: ['b'], job_id: first.run?.job_id ?? '', dry_run: true })).rerun,
      );
    expect(await keysOfRerun(account('12345678901234567890'))).toBe('');
    expect(await keysOfRerun(account('12345678901234567891'))).toBe('b c d');
    expect(await keysOfRerun({ parameters: {} })).toBe('');
    expect((await resultsOf(first.run?.job_id)).slice(1, 2)).toEqual(['"b {\\"account\\":12345678901234567890}"']);
  });

  test('refuses what waits for an output that was made of others, and runs that anew with include_upstream', async () => {
    await world.failedJob({}, never);
    const alone = { task_ids: ['b'], only_failed: false, include_downstream: false };
    const { run: made } = await run({ ...alone, parameters: { n: 1 } });
    const job_id = made?.job_id ?? '';
    const last = { ...changedOnly, job_id, task_ids: ['d'], parameters: { n: 2 } };
    const refused = await world.ask({ ...last, dry_run: true });
    expect(refused.refused.tasks).toMatchObject([{ key: 'd', because: 'changed' }]);
    await expect(world.ask(last)).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('other inputs'),
    });
    expect(keysOf((await world.ask({ ...last, dry_run: true, include_upstream: true })).rerun)).toBe('c d');
    // Without a look at contents it is kept as it stands.
    expect(keysOf((await world.ask({ ...last, dry_run: true, reuse: 'succeeded' })).rerun)).toBe('d');
    expect(keysOf((await world.ask({ ...changedOnly, job_id, dry_run: true })).rerun)).toBe('c d');
  });

  test('runs what waited for a run that gave the same no more than that run needs', async () => {
    await world.failedJob({}, never);
    const alone = { task_ids: ['b'], only_failed: false, include_downstream: false, parameters: { n: 1 } };
    const { run: made } = await run(alone, (key) => key);
    const plan = await world.ask({ ...changedOnly, job_id: made?.job_id ?? '', dry_run: true });
    expect([keysOf(plan.rerun), keysOf(plan.reuse)]).toEqual(['', 'a b c d beside']);
  });

  test('makes nothing where the run that holds an output is deleted meanwhile', async () => {
    await world.failedJob();
    const first = await run({}, withParams, (key) => key === 'd');
    const { chunks } = world.service;
    const page = chunks.page.bind(chunks);
    let looks = 0;
    chunks.page = async (id, ...rest) => (id === first.run?.job_id && (looks += 1) > 2 ? [] : page(id, ...rest));
    await expect(world.ask({ reuse: 'unchanged' })).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(await world.service.jobs.retriesOf(jobId)).toHaveLength(1);
  });

  test('takes no output from another place where the first chunks of the run that holds it are gone', async () => {
    await world.failedJob();
    const first = await run({}, withParams, (key) => key === 'd');
    const { chunks } = world.service;
    const page = chunks.page.bind(chunks);
    let looks = 0;
    chunks.page = async (id, ...rest) => {
      const found = await page(id, ...rest);
      return id === first.run?.job_id && (looks += 1) > 2 ? found.slice(1) : found;
    };
    await expect(world.ask({ reuse: 'unchanged' })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining(`${first.run?.job_id} are there any more`),
    });
    expect(await world.service.jobs.retriesOf(jobId)).toHaveLength(1);
  });
});

describe('a rerun by the latest definition', () => {
  const scheduled = (tasks: TaskInput[], given = {}) => ({
    product_id: 'p',
    sending_group_id: 'g',
    type: 'send',
    tasks,
    ...given,
  });
  const labels = { schedule: 'nightly' };
  const latest = { definition: 'latest' } as const;
  const withPayload = (id: string, payload: unknown): TaskInput[] =>
    chain.map((task) => (task.id === id ? { ...task, payload } : task)).reverse();

  test('has the payloads and the limits that its schedule has now, and says what differs', async () => {
    await world.failedJob({ labels });
    world.scheduledJob = scheduled(withPayload('b', { region: 'eu' }), { timeout_s: 9, priority: 5 }) as never;
    const plan = await run(latest);
    expect(plan.definition).toEqual({
      ...{ asked: 'latest', from: 'schedule', name: 'nightly', tasks_changed: 1 },
      differs: [{ field: 'timeout_s', original: null, latest: 9 }],
    });
    expect(keysOf(plan.rerun)).toBe('b c d');
    const id = plan.run?.job_id ?? '';
    expect(await world.service.jobs.find(id)).toMatchObject({ timeout_s: 9, type: 'send', labels, original_job_id: jobId });
    const [first] = await world.service.chunks.page(id, 0, null, 1);
    expect(JSON.parse(first?.lines?.[1] ?? '')).toEqual({ id: 'b', depends_on: ['a'], payload: { region: 'eu' } });
    expect(first?.lines?.[0]).toBe('{"id":"a"}');
  });

  test('runs again by content what the schedule has another payload of, and nothing else', async () => {
    await world.failedJob({ labels }, never);
    world.scheduledJob = scheduled(withPayload('c', 1)) as never;
    const plan = await world.ask({ ...latest, ...changedOnly, dry_run: true });
    expect([keysOf(plan.rerun), keysOf(plan.reuse)]).toEqual(['c d', 'a b beside']);
  });

  test.each<[string, Record<string, unknown>]>([
    ['has other tasks', scheduled(chain.slice(0, -1))],
    ['calls them otherwise', scheduled(chain.map((task) => (task.id === 'beside' ? { id: 'e' } : task)))],
    ['has them wait for others', scheduled(chain.map((task) => (task.id === 'd' ? { id: 'd', depends_on: ['a'] } : task)))],
    ['makes jobs of another type', scheduled(chain, { type: 'print' })],
  ])('is refused where its schedule %s', async (_, job) => {
    await world.failedJob({ labels });
    world.scheduledJob = job as never;
    await expect(world.ask({ ...latest, dry_run: true })).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
      message: expect.stringContaining('schedule nightly'),
    });
  });

  test('keeps the tasks that a plan handler made', async () => {
    await world.failedJob({ labels });
    const { tasks: _, ...planned } = scheduled([]);
    world.scheduledJob = { ...planned, priority: 9 } as never;
    const { definition, rerun } = await world.ask({ ...latest, dry_run: true });
    expect(definition).toMatchObject({ tasks_changed: 0, differs: [{ field: 'priority', original: 5, latest: 9 }] });
    expect(rerun.total).toBe(3);
  });

  test('is that of its newest run without a schedule, and its own without either', async () => {
    await world.failedJob();
    expect((await world.ask({ ...latest, dry_run: true })).definition).toMatchObject({ from: 'job', name: jobId, differs: [] });
    const first = await run({ parameters: { mended: true } }, withParams, (key) => key === 'c');
    const plan = await run(latest);
    expect(plan.definition).toMatchObject({ from: 'run', name: first.run?.job_id, differs: [], tasks_changed: 3 });
    expect(await resultsOf(plan.run?.job_id)).toEqual([
      ...['"a"', '"b {\\"mended\\":true}"', '"c {\\"mended\\":true}"', '"d {\\"mended\\":true}"', '"beside"'],
    ]);
  });
});
