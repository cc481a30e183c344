import { expect, test } from '@jest/globals';
import type { Client } from '@kintsugi/client';
import type { LogLine, Task } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { LiveOutput } from './live-output.js';

const lineOf = (text: string, over: Partial<LogLine> = {}): LogLine => ({
  ...{ at: '2026-01-01T00:00:00.000Z', task_id: 'task', attempt: 1, line: 1, stream: 'stdout', level: 'info', text },
  ...over,
});

function taskWith(stdout: string, over: object = {}): Task {
  const said = { stdout, stdout_bytes: Buffer.byteLength(stdout), stdout_dropped_bytes: 0 };
  const result = { ...said, stderr: '', stderr_bytes: 0, stderr_dropped_bytes: 0, ...over };
  return { id: 'task', key: 'a', attempts: 1, result } as unknown as Task;
}

/** What is shown of a log that goes on for as long as it is followed, or until it is over. */
async function shown(lines: LogLine[], task: Task, end: 'over' | 'never' = 'never', areMany = false) {
  const out = { stdout: '', stderr: '' };
  const client = {
    async *followLog(_: string, _query: object, { signal }: { signal: AbortSignal }) {
      yield lines;
      if (end === 'never') {
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))));
      }
    },
    listTasks: () => Promise.resolve({ items: [task], next_cursor: null }),
  } as unknown as Client;
  const streamOf = (name: 'stdout' | 'stderr') => ({ write: (text: string) => void (out[name] += text) });
  const live = new LiveOutput(client, 'job', new Output(streamOf('stdout'), streamOf('stderr'), false, {}), areMany);
  live.start();
  await new Promise(setImmediate);
  await live.finish([task]);
  return out;
}

test('what the log has not yet is taken from the result, and nothing is shown twice', async () => {
  expect(await shown([lineOf('one')], taskWith('one\ntwo'))).toEqual({ stdout: 'one\ntwo', stderr: '' });
  expect(await shown([], taskWith('one\ntwo\n'))).toEqual({ stdout: 'one\ntwo\n', stderr: '' });
  expect(await shown([lineOf('one', { partial: true })], taskWith('one'))).toEqual({ stdout: 'one', stderr: '' });
});

test('a log that the result is only a part of is read to its end', async () => {
  const task = taskWith('begin …', { stdout_bytes: 1_000_000, stdout_dropped_bytes: 900_000 });
  expect(await shown([lineOf('begin'), lineOf('end')], task, 'over')).toEqual({ stdout: 'begin\nend\n', stderr: '' });
});

test('earlier attempts are shown as they were, and missing lines are said', async () => {
  const lines = [
    lineOf('failed', { stream: 'stderr' }),
    lineOf('3 lines are missing', { stream: 'note' }),
    lineOf('well', { attempt: 2 }),
  ];
  const task = { ...taskWith('well\nrest\n'), attempts: 2 };
  expect(await shown(lines, task)).toEqual({ stdout: 'well\nrest\n', stderr: 'failed\n3 lines are missing\n' });
});

test('what several commands write says whose it is', async () => {
  expect(await shown([lineOf('one')], taskWith('one\n'), 'never', true)).toEqual({ stdout: 'one\n', stderr: 'a:\n' });
});

test('control characters are shown as signs, as in the result', async () => {
  expect(await shown([lineOf('a\u0000b\u0007')], taskWith('a␀b␇\n'))).toEqual({ stdout: 'a␀b␇\n', stderr: '' });
});
