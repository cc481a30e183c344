import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { logBatchSchema, parseLine, type LogBatch } from '@kintsugi/contracts';
import { LogSender } from './log-sender.js';
import { SecretMask } from './secret-mask.js';
import { TaskRun } from './task-context.js';

const log = '01890a5d-ac96-774b-bcce-b302099a8057';
const task = { id: `task_${log}.0.3`, key: null, job_id: `job_${log}`, type: 't', payload: null };

interface Message {
  head: LogBatch;
  body: string;
  bytes: number;
  receipt: (receipt?: object) => void;
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** A sender whose messages are noted, and receipted when the test says so. */
function sending() {
  const messages: Message[] = [];
  let listener: (message: never) => unknown = () => undefined;
  let connections = 0;
  const bus = {
    publish: (_: string, data: string | Uint8Array, { reply = '' } = {}) => {
      const text = Buffer.from(data).toString('utf8');
      const end = text.indexOf('\n');
      const receipt = (given: object = {}): unknown =>
        listener({ data: Buffer.from('{}'), subject: reply, json: () => ({ taken: true, ...given }) } as never);
      const head = JSON.parse(text.slice(0, end)) as LogBatch;
      messages.push({ head, body: text.slice(end + 1), bytes: data.length, receipt });
    },
    subscribe: (_: string, onMessage: (message: never) => unknown) => {
      listener = onMessage;
      return { unsubscribe: () => undefined } as never;
    },
    close: () => Promise.resolve(),
  };
  const sender = new LogSender(() => {
    connections += 1;
    return Promise.resolve(bus);
  }, 'worker');
  const run = (attempt = 1, of = task) => new TaskRun(of, attempt, undefined, { sender, mask: new SecretMask(['pass-phrase']) });
  return { sender, run, messages, connections: () => connections };
}

const soon = () => jest.advanceTimersByTimeAsync(50);
const textsOf = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ body }) => body.split('\n').flatMap((line) => parseLine(line)?.text ?? []));

test('a worker whose tasks log nothing makes no connection', async () => {
  const { run, connections } = sending();
  run().endLog();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(connections()).toBe(0);
});

test('lines of many runs leave in one message that says whose they are', async () => {
  const { run, messages } = sending();
  const [first, second] = [run(1), run(2, { ...task, id: `task_${log}.12.0` })];
  first.log('one\ntwo', 'warn');
  second.output('stderr', 'half a ');
  second.output('stderr', 'line\nrest of pass-');
  second.output('stderr', 'phrase');
  second.endLog();
  await soon();
  expect(messages).toHaveLength(1);
  const { head, body } = messages[0] as Message;
  expect(logBatchSchema.safeParse(head).error).toBeUndefined();
  expect(head.parts).toMatchObject([
    {
      log,
      bundled: false,
      runs: [
        ['0.3', 1, 2, expect.anything(), 6],
        ['12.0', 2, 2, expect.anything(), 22],
      ],
    },
  ]);
  expect(head.parts[0]?.runs.reduce((sum, [, , , bytes]) => sum + bytes, 0)).toBe(Buffer.byteLength(body));
  expect(body.split('\n').slice(0, -1).map(parseLine)).toMatchObject([
    { number: 1, stream: 'log', level: 'warn', partial: false, text: 'one' },
    { number: 2, stream: 'log', level: 'warn', partial: false, text: 'two' },
    { number: 1, stream: 'stderr', level: 'warn', partial: false, text: 'half a line' },
    { number: 2, stream: 'stderr', level: 'warn', partial: true, text: 'rest of …' },
  ]);
});

describe('while no receipt comes', () => {
  test('the message is sent again and says so, and no other leaves', async () => {
    const { run, messages } = sending();
    const one = run();
    one.log('first');
    await soon();
    one.log('second');
    await jest.advanceTimersByTimeAsync(2_100);
    expect(messages.map(({ head }) => [head.sequence, head.again])).toEqual([
      [1, false],
      [1, true],
    ]);
    messages[1]?.receipt();
    await soon();
    expect(messages.at(-1)?.head.sequence).toBe(2);
    expect(textsOf(messages.slice(-1))).toEqual(['second']);
  });

  test('lines that come one by one have no more memory than others: what each takes beside its text counts', () => {
    const { run, sender } = sending();
    const one = run();
    for (let line = 0; line < 60_000; line += 1) {
      jest.setSystemTime(Date.now() + 1);
      one.output('stdout', 'x\n');
    }
    expect(sender.held).toBeLessThan(1024 * 1024);
    expect(sender.dropped).toBeGreaterThan(0);
  });

  test('a flood is dropped beyond a bound, counted, and said where lines are missing', async () => {
    const { run, messages, sender } = sending();
    const flood = run();
    const block = `${'x'.repeat(99)}\n`.repeat(656);
    for (let piece = 0; piece < 400; piece += 1) flood.output('stdout', block);
    expect(sender.held).toBeLessThan(5 * 1024 * 1024);
    const other = run(1, { ...task, id: `task_${log}.5.0` });
    other.log('has room all the same');
    await soon();
    for (let at = 0; at < 40; at += 1) {
      messages.at(-1)?.receipt();
      await soon();
    }
    expect(sender.held).toBe(0);
    flood.output('stdout', 'later\n');
    await soon();
    messages.at(-1)?.receipt();
    const texts = textsOf(messages);
    expect(texts).toContain('has room all the same');
    expect(texts.at(-1)).toBe('later');
    const lost = Number(/^… (\d+) lines/.exec(texts.at(-2) ?? '')?.[1]);
    expect(lost + texts.filter((text) => text.startsWith('x')).length).toBe(400 * 656);
    expect(messages.reduce((sum, { head }) => sum + head.dropped, 0)).toBe(lost);
    expect(Math.max(...messages.map(({ bytes }) => bytes))).toBeLessThan(1024 * 1024);
  });
});

test('of a job whose log is full nothing more is sent, and of others it is', async () => {
  const { run, messages } = sending();
  const full = run();
  full.log('one');
  await soon();
  messages[0]?.receipt({ full: [task.job_id] });
  full.log('two');
  full.output('stdout', 'three\n');
  run(1, { ...task, job_id: `job_${log}.4` }).log('four');
  await soon();
  expect(textsOf(messages)).toEqual(['one', 'four']);
});

test('a worker that stops waits for the receipt, and not for ever', async () => {
  const { run, messages, sender } = sending();
  run().log('last words');
  const ends: string[] = [];
  const receipted = sender.settled(60_000).then(() => ends.push('receipted'));
  await soon();
  expect(ends).toEqual([]);
  messages[0]?.receipt();
  await receipted;
  run().log('never receipted');
  const over = sender.settled(5_000).then(() => ends.push('over'));
  await jest.advanceTimersByTimeAsync(5_000);
  await over;
  expect(ends).toEqual(['receipted', 'over']);
});
