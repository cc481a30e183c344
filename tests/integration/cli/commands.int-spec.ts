import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PlatformHealth } from '@kintsugi/client';
import { eventually } from '@kintsugi/testing';
import { once } from 'node:events';
import {
  limits,
  type ErrorGroupList,
  type ErrorPage,
  type Fleet,
  type JobInfo,
  type JobMetricsAnswer,
  type JobReceipt,
} from '@kintsugi/contracts';
import { runCommand, startCommand, type CommandRun } from '../../command-line.js';
import { startTrialPlatform, type TrialPlatform } from './trial-platform.js';

let trial: TrialPlatform;

beforeAll(async () => {
  trial = await startTrialPlatform();
});

afterAll(() => trial.platform.stop());

const head = ['--type', 'trial', '--product', 'shop', '--group', 'spring'];
const tasks = (...payloads: unknown[]) =>
  payloads.map((payload, index) => JSON.stringify({ id: `t${index}`, payload })).join('\n');

async function submitted(payloads: unknown[], options: string[] = []): Promise<JobReceipt> {
  return trial.json<JobReceipt>(['submit', '-', ...head, ...options], tasks(...payloads));
}

function expectFits({ stdout, stderr }: CommandRun): void {
  const widths = stripVTControlCharacters(stdout + stderr)
    .split('\n')
    .map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
}

test('several jobs of a file go in one request, and each is answered for itself', async () => {
  const file = JSON.stringify({ jobs: [{ tasks: [{ payload: {} }] }, { tasks: [{ payload: {} }], priority: 12 }] });
  const run = await trial.run(['submit', '-', ...head], file);
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(
    /^1 job accepted, 1 refused\njobs\[0\] {2}job_\S+\njobs\[1\] {2}VALIDATION_FAILED: data\.jobs\[1\]\.priority/,
  );
  const preview = await trial.run(['submit', '-', ...head, '--validate-only'], tasks({}));
  expect(preview.stdout).toMatch(/nothing was stored[^]*queue +Its tasks wait in the queue trial/);
  expectFits(preview);
});

test('the health says that all is well, with the jobs, the workers and what each process uses', async () => {
  await trial.run(['submit', '-', ...head, '--watch'], tasks({ fails: 'today' }));
  const value = await eventually(async () => {
    const found = await trial.json<PlatformHealth>(['health']);
    expect(found).toMatchObject({ overall: 'ok', reasons: [], workers: 1, jobs: { by_status: { failed: expect.any(Number) } } });
    expect(found.jobs?.failed_last_hour).toBeGreaterThan(0);
    return found;
  });
  expect(value.processes.map(({ cpu_percent: cpu, memory_mib: memory }) => [typeof cpu, typeof memory])).toEqual(
    value.processes.map(() => ['number', 'number']),
  );
  expect(value.processes.map(({ version, settings }) => [version, settings?.['NATS_URL'] !== undefined])).toEqual(
    value.processes.map(() => [expect.stringMatching(/^\d+\.\d+\.\d+$/), true]),
  );
  expect(value.lag).toEqual({ waiting_messages: expect.any(Number), oldest_ready_task_s: expect.any(Number) });
  const run = await trial.run(['health']);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok\n[^]*\bfailed\n[^]*Workers {2}1\n/) });
});

test('what is now fits a terminal: rates, queues, workers and what rises', async () => {
  await trial.run(['submit', '-', ...head, '--watch'], tasks({}, {}));
  const fleet = await eventually(async () => {
    const found = await trial.json<Fleet>(['top']);
    expect(found).toMatchObject({
      workers: { up: 1 },
      queues: expect.arrayContaining([expect.objectContaining({ type: 'trial' })]),
    });
    return found;
  });
  expect(fleet).toMatchObject({ groups_rising: expect.any(Array), retries_in_flight: 0 });
  const run = await trial.run(['top', '--once']);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 worker {2}\d+ of \d+ slots[^]*QUEUE[^]*trial/) });
  expectFits(run);
});

test('what a job used is told over time, and beside the job', async () => {
  const { job_id: id } = await submitted([{ forMs: 700 }, { forMs: 700 }]);
  await trial.run(['job', id, '--watch']);
  const answer = await eventually(async () => {
    const found = await trial.json<JobMetricsAnswer>(['metrics', id, '--metric', 'cpu', '--metric', 'throughput']);
    expect(found.jobs).toMatchObject([
      { job_id: id, status: 'completed', cpu: { basis: 'shared', mean: expect.any(Number) }, throughput: { basis: 'measured' } },
    ]);
    return found;
  });
  expect(answer.jobs[0]).not.toHaveProperty('memory');
  expect(await trial.json<JobInfo>(['job', id])).toMatchObject({ metrics: { memory_mib: expect.any(Number) } });
  const run = await trial.run(['metrics', id]);
  expect(run).toMatchObject({ code: 0, stdout: expect.stringMatching(/cpu +\S+ cores[^]*memory +\d+ MiB[^]*throughput/) });
  expectFits(run);
});

describe('a job that is submitted and watched', () => {
  test('ends with 0 when it completes, and shows how it went', async () => {
    const run = await trial.run(['submit', '-', ...head, '--label', 'team=post', '--watch'], tasks({}, {}, {}));
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^job_\S+ is accepted: 3 tasks$/m);
    expect(run.stdout).toMatch(/^job_\S+ {2}completed$/m);
    expect(run.stdout).toContain('3 tasks  succeeded 3');
    expect(run.stdout).toContain('team=post');
    expectFits(run);
  });

  test('ends with 1 when it fails, and names what failed', async () => {
    const run = await trial.run(['submit', '-', ...head, '--watch'], tasks({}, { fails: 'the paper is wet' }));
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('succeeded 1  dead 1');
    expect(run.stdout).toContain('trial.refused: It fails: the paper is wet');
    expectFits(run);
  });

  test('is one JSON value with --json, and what is said on the way goes elsewhere', async () => {
    const { stdout, stderr, code } = await trial.run(['submit', '-', ...head, '--watch', '--json'], tasks({ forMs: 700 }));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', total_tasks: 1, metrics: { retries: 0 } });
    expect(stderr).toMatch(/is accepted: 1 task/);
  });

  test('goes on when the watching is broken off with Ctrl-C, which says how to go on', async () => {
    const { job_id } = await submitted([{ forMs: 60_000 }]);
    const watch = startCommand(['job', job_id, '--watch', '--home', trial.platform.home]);
    let said = '';
    watch.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await eventually(() => expect(said).toContain('running'));
    watch.kill('SIGINT');
    expect((await once(watch, 'close'))[0]).toBe(130);
    expect(said).toContain(`The job goes on. Watch it again with:\n  ./kintsugi job ${job_id} --watch\n`);
    expect(await trial.json<JobInfo>(['job', job_id])).toMatchObject({ status: 'running' });
    const cancelled = await trial.run(['cancel', job_id]);
    expect(cancelled).toMatchObject({ code: 0, stdout: expect.stringMatching(/is cancel(ling|led)/) });
    await eventually(async () => expect(await trial.json<JobInfo>(['job', job_id])).toMatchObject({ status: 'cancelled' }));
  });
});

test('jobs lists the newest first, filtered and paged', async () => {
  const { job_id: first } = await submitted([{}], ['--label', 'list=1']);
  const { job_id: second } = await submitted([{}], ['--label', 'list=1']);
  await eventually(async () => {
    const { items } = await trial.json<{ items: { id: string }[] }>(['jobs', '--label', 'list=1', '--status', 'completed']);
    expect(items.map(({ id }) => id)).toEqual([second, first]);
  });
  const run = await trial.run(['jobs', '--label', 'list=1', '--limit', '1']);
  expect(run.stdout).toMatch(new RegExp(`^ID .*\\n${second} +completed +1 +100 % +\\d+ s +trial\\nThere are more`));
  expectFits(run);
  expect((await trial.run(['jobs', '--label', 'list=2'])).stdout).toMatch(/^No jobs\./);
});

test('a list that goes into a pipe is cut nowhere', async () => {
  const long = 'a.type.as.long.as.they.get.'.padEnd(limits.typeLength, 'x');
  await submitted([{}], ['--type', long]);
  await eventually(async () => expect((await trial.run(['jobs'])).stdout).toContain(`  ${long}\n`));
});

describe('what failed', () => {
  test('is shown by group, by record and whole, and can be run again with other parameters', async () => {
    const { job_id } = await submitted([{ fails: 'the ink is dry' }, { fails: 'the ink is dry' }]);
    await eventually(async () => expect(await trial.json<JobInfo>(['job', job_id])).toMatchObject({ status: 'failed' }));
    const { items } = await trial.json<ErrorGroupList>(['errors', '--job', job_id]);
    expect(items).toEqual([expect.objectContaining({ error_type: 'trial.refused', count: 2 })]);
    const group = items[0]!.id;
    const groups = await trial.run(['errors', '--job', job_id]);
    expect(groups.stdout).toContain('trial.refused: It fails: the ink is dry');
    const records = await trial.json<ErrorPage>(['errors', '--group', group, '--job', job_id]);
    const whole = await trial.run(['error', records.items[0]!.id]);
    expect(whole.stdout).toContain('How it was decided:');
    for (const run of [groups, whole, await trial.run(['errors', '--group', group])]) expectFits(run);
    const recovered = await trial.run(['recover', group, '--job', job_id, '--param', 'fails=']);
    expect(recovered).toMatchObject({ code: 0, stdout: '2 tasks run again\n' });
    await eventually(async () => expect(await trial.json<JobInfo>(['job', job_id])).toMatchObject({ status: 'completed' }));
    const again = await trial.run(['recover', records.items[0]!.id]);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(/^STATE_CONFLICT: /) });
  });

  test('is retried as configured', async () => {
    const set = await trial.run(['policy', 'set', 'trial.weak', '--max-attempts', '7', '--initial-delay', '0.5']);
    expect(set.stdout).toMatch(/^trial\.weak +7 +500 ms/m);
    expect((await trial.run(['policy', 'list'])).stdout).toMatch(/\* \(all others\) +4 +5 s[^]*trial\.weak +7/);
    expectFits(set);
    const rule = ['--rule', 'fail_task if error_message matches "ink|paper" and attempt gte 2'];
    const tried = await trial.run(['policy', 'test', 'trial.weak', '--message', 'no ink', '--attempt', '2', ...rule]);
    expect(tried.stdout).toMatch(/^trial\.weak +It would not be retried[^]*rules\[0\]: attempt gte 2: holds \(2\)/);
    await trial.run(['policy', 'set', 'trial.weak', ...rule]);
    const diff = await trial.run(['policy', 'diff', 'trial.weak']);
    expect(diff.stdout).toMatch(/^trial\.weak: version 1 -> version 2\n\+ rules\[0\]\s/);
    const reverted = await trial.run(['policy', 'revert', 'trial.weak']);
    expect(reverted.stdout).toContain('trial.weak is as in version 1 again.');
    const shown = await trial.run(['policy', 'show', 'trial.weak']);
    expect(shown.stdout).toMatch(/7 runs in all[^]*3\. set by .*, as version 1/);
    for (const run of [tried, diff, reverted, shown]) expectFits(run);
    await trial.run(['policy', 'set', '*', '--max-attempts', '9']);
    const list = (await trial.run(['policy', 'list'])).stdout;
    expect(list.match(/^\* .*$/gm)).toEqual([expect.stringMatching(/^\* \(all others\) +9 +5 s/)]);
    const unset = await trial.run(['policy', 'unset', 'trial.weak']);
    expect(unset).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^trial\.weak is taken back\.[^]*\* \(all others\) +9/),
    });
    expectFits(unset);
    expect((await trial.run(['policy', 'unset', '*'])).stdout).toMatch(/\* \(all others\) +4 +5 s/);
    expect(await trial.json(['policy', 'unset', '*'])).toMatchObject({ removed: false, config: { max_attempts: 4 } });
    expect((await trial.json<{ items: unknown[] }>(['policy', 'list'])).items).toEqual([]);
  });
});

describe('a refusal names its code, the path of the fault, what was got and what is allowed', () => {
  test.each([
    [
      ['submit', '-', ...head, '--priority', '12'],
      '{"id":"a"}',
      'VALIDATION_FAILED',
      /data\.priority \(RANGE\)\n +got +12\n +allowed +at most 9/,
    ],
    [['submit', '-', ...head], '\n{"id":"a"}\n{"id":"a"}', 'TASK_ID_DUPLICATE', /line 3\.id/],
    [['submit', '-'], '{"product_id":"p","sending_group_id":"g","type":"trial"}\n{"id":"a"}\n{"id":', 'JSON_INVALID', /line 3/],
    [['submit', '-'], '{"product_id": "p",\n "tasks": [}', 'JSON_INVALID', /at line 2, column 12\.[^]*\n.*submit --help/],
    [['submit', '-', ...head], '[{"id":"a"},{"id":7}]', 'VALIDATION_FAILED', /data\.tasks\[1\]\.id \(TYPE\)\n +got +7/],
    [['submit', '-', ...head], '{"id":"a","extra":1}', 'TASK_INVALID', /line 1\.extra/],
    [['job', 'job_unknown'], '', 'VALIDATION_FAILED', /job_id/],
    [['job', 'job_01890a5d-ac96-774b-bcce-b302099a8057'], '', 'JOB_NOT_FOUND', /job_01890a5d[^]*\n\.\/kintsugi jobs lists/],
    [['recover', 'grp_0123456789abcdef0123456789abcdef'], '', 'ERROR_GROUP_NOT_FOUND', /List the error groups/],
    [['jobs', '--limit', '900'], '', 'VALIDATION_FAILED', /limit/],
  ] as [string[], string, string, RegExp][])('%p %p', async (args, input, code, words) => {
    const run = await trial.run(args, input);
    expect({ code: run.code, stdout: run.stdout.replace(/^.* sent\n/, '') }).toEqual({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(new RegExp(`^${code}: `));
    expect(run.stderr).toMatch(words);
    expectFits(run);
    expect(await trial.json(args, input)).toMatchObject({ error: { code, exit_code: 1 } });
  });

  test('bytes that are not UTF-8 are told with their line, and nothing is accepted', async () => {
    const bytes = Buffer.concat([Buffer.from('{"id":"a"}\n{"id":"'), Buffer.from([0xff]), Buffer.from('"}\n')]);
    const run = startCommand(['submit', '-', ...head, '--home', trial.platform.home]);
    let said = '';
    run.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    run.stdin?.end(bytes);
    expect((await once(run, 'close'))[0]).toBe(1);
    expect(said).toMatch(/^ENCODING_INVALID: line 2 is not valid UTF-8/);
  });
});

describe('every form of a submission', () => {
  test.each([
    [
      'a job over several lines',
      '{\n "product_id": "p", "sending_group_id": "g",\n "type": "trial",\n "tasks": [{}, {"id": "b"}]\n}\n',
      2,
    ],
    ['an array of tasks', ' [{"id":"a"}, {"payload": {"n": 1}}, {}]', 3],
    ['a task a line', '{"id":"a"}\n\n{"id":"b"}\n', 2],
    ['a single task', '{"payload":{}}', 1],
    ['a job on the first line, then a task a line', '{"product_id":"p","sending_group_id":"g","type":"trial"}\n{"id":"a"}\n', 1],
    ['with a byte order mark', '\ufeff[{"id":"a"}]', 1],
  ])('%s', async (_, input, total) => {
    expect(await trial.json(['submit', '-', ...head], input)).toMatchObject({ total_tasks: total, replayed: false });
  });

  test('more tasks than a JSON body takes go up as NDJSON', async () => {
    const many = JSON.stringify(Array.from({ length: 10_001 }, (_, index) => ({ id: `t${index}` })));
    expect(await trial.json(['submit', '-', ...head], many)).toMatchObject({ total_tasks: 10_001 });
    const twice = JSON.stringify(Array.from({ length: 10_001 }, (_, index) => ({ id: `t${Math.min(index, 9_999)}` })));
    const refused = await trial.run(['submit', '-', ...head], twice);
    expect(refused.stderr).toContain('tasks[10000].id repeats the task id "t9999"');
  });

  test('the same idempotency key makes one job', async () => {
    const first = await submitted([{}], ['--idempotency-key', 'once']);
    expect(await submitted([{}], ['--idempotency-key', 'once'])).toEqual({ ...first, status: expect.anything(), replayed: true });
  });
});

test('a platform that is not there is said with 69 and what to do', async () => {
  const run = await runCommand(['jobs', '--url', 'http://127.0.0.1:9', '--home', 'no-such-home']);
  expect(run.code).toBe(69);
  expect(run.stderr).toContain('./kintsugi up');
  const wrong = await runCommand(['jobs', '--url', 'here', '--home', 'no-such-home']);
  expect(wrong).toMatchObject({ code: 78, stderr: expect.stringContaining('KINTSUGI_URL: an address such as') });
});

test('a reader that has seen enough is no fault', async () => {
  const run = startCommand(['jobs', '--home', trial.platform.home]);
  run.stdout?.destroy();
  expect((await once(run, 'close'))[0]).toBe(0);
});
