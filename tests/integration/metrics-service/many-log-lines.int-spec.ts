// Many lines travel as they were written, in groups and packed, and nobody who reads them sees a difference.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createClient } from '@kintsugi/client';
import { logIdOf, type LogLine } from '@kintsugi/contracts';
import { runOf } from '../../../apps/metrics-service/src/task-logs/log-lines-of.js';
import { canary, startLogDoors, type LogDoors } from './log-doors.js';

const texts = Array.from(
  { length: 6_000 },
  (_, n) => `INFO request=${n * 7_919} is served 日本${n === 4_321 ? ` to ${canary}` : ''}`,
);

let doors: LogDoors;
let { service, door, sender, newJob, runIn } = {} as LogDoors;

beforeAll(async () => {
  doors = await startLogDoors();
  ({ service, door, sender, newJob, runIn } = doors);
});

afterAll(() => doors?.stop());

const client = () => createClient({ baseUrl: door.service.url });
const textsOf = (lines: readonly LogLine[]): string[] => lines.map(({ text }) => text);

/** Written as the output of a command comes: by pieces that end anywhere. */
async function write(jobId: string, place: string, output: string): Promise<void> {
  const run = runIn(jobId, place);
  const bytes = Buffer.from(output);
  for (let at = 0; at < bytes.length; at += 65_536) run.output('stderr', bytes.subarray(at, at + 65_536));
  run.endLog();
  await sender.settled(10_000);
}

async function allLines(jobId: string, filter: { text?: string } = {}): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await client().readLog(jobId, { ...filter, limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    lines.push(...page.lines);
    if (page.at_end) return lines;
    cursor = page.next_cursor ?? undefined;
  }
}

describe('many lines', () => {
  let jobId: string;

  beforeAll(async () => {
    jobId = await newJob();
    // Its receipt says that groups are taken.
    await write(jobId, '0.0', 'the first\n');
    await write(jobId, '0.1', `${texts.join('\n')}\n`);
  });

  const kept = texts.map((text) => text.replace(canary, '…'));

  test('are stored as they travelled', async () => {
    const blocks = await service.store.collection('log_blocks').find({}).toArray();
    const bytes = blocks.reduce(
      (sum, { runs }) => sum + (JSON.parse(String(runs)) as number[][]).reduce((of, run) => of + (run[3] ?? 0), 0),
      0,
    );
    expect(bytes).toBeLessThan(Buffer.byteLength(texts.join('\n')) + texts.length * 4);
  });

  test('are read with their numbers, without secrets', async () => {
    const lines = (await allLines(jobId)).slice(1);
    expect(textsOf(lines)).toEqual(kept);
    expect(lines.map(({ line }) => line)).toEqual(texts.map((_, at) => at + 1));
    expect(new Set(lines.map(({ stream, level }) => `${stream} ${level}`))).toEqual(new Set(['stderr warn']));
  });

  test('are found by a text', async () => {
    expect(textsOf(await allLines(jobId, { text: `=${4_000 * 7_919} ` }))).toEqual([kept[4_000]]);
  });

  test('are downloaded, as many bytes as were told', async () => {
    const answer = await fetch(`${door.service.url}/logs/download/${jobId}`, { headers: { 'accept-encoding': 'identity' } });
    const file = await answer.text();
    expect(
      file
        .split('\n')
        .slice(1, -1)
        .map((line) => line.slice(line.indexOf('INFO'))),
    ).toEqual(kept);
    expect(Buffer.byteLength(file)).toBe(Number(answer.headers.get('content-length')));
  });
});

test('what is said to be packed and is not is refused, and what comes with it is stored', async () => {
  const [broken, fine] = [await newJob(), await newJob()];
  const partOf = (jobId: string) => ({ log: logIdOf(jobId), bundled: false, base_ms: 0, first_ms: 0, last_ms: 0 });
  const { run, body } = runOf('0.0', 1, ['is stored']);
  const head = {
    ...{ v: 1, worker_id: 'w', sequence: 1, again: false, dropped: 0 },
    parts: [
      { ...partOf(broken), runs: [['0.0', 1, 1, 1_000_000, 1_000_000]], packed: 7 },
      { ...partOf(fine), runs: [run] },
    ],
  };
  const answer = await service.bus.ask('kin.logs.lines', `${JSON.stringify(head)}\nnothing${body}`, { timeoutMs: 60_000 });
  expect(answer.json()).toMatchObject({ taken: true });
  expect(textsOf(await allLines(fine))).toEqual(['is stored']);
  expect(await allLines(broken)).toEqual([]);
});
