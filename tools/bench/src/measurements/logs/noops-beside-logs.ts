import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@kintsugi/client';
import type { Readings } from '../../domain/figure-book.js';
import { logWriter, spawnBare } from '../../load/bare-command.js';
import type { CommandJobs } from '../../platform/command-jobs.js';
import { perSecond, submitBulk } from '../bulk.js';
import type { Contender } from '../contender.js';

const writers = 5;
const bytesPerS = 10_000_000;
const endlessBytes = 1e12;
const startMs = 1_500;
const flood = ['flood', String(endlessBytes), String(bytesPerS)];

/**
 * No-op tasks alone, beside commands that write 50 MB/s to nobody, and beside the same commands as tasks, whose logs are taken. What logs cost is
 * the difference of the last two: to write costs the commands the same, whoever takes it.
 */
export async function measureNoopsBesideLogs(
  contender: Contender,
  { jobs, client }: { jobs: CommandJobs; client: Client },
  count: number,
): Promise<Readings> {
  const alone = await rateOf(contender, count);
  const besideBare = await besideBareCommands(() => rateOf(contender, count));
  const jobId = await jobs.start(Array.from({ length: writers }, () => ['log-writer', ...flood]));
  await delay(startMs);
  const besideLogs = await rateOf(contender, count);
  await jobs.cancel(jobId);
  return {
    noop_alone_per_s: alone,
    noop_beside_bare_per_s: besideBare,
    noop_beside_logs_per_s: besideLogs,
    noop_slowdown_percent: (1 - besideLogs / besideBare) * 100,
    noop_bare_slowdown_percent: (1 - besideBare / alone) * 100,
    noop_whole_slowdown_percent: (1 - besideLogs / alone) * 100,
    noop_lines_lost_percent: await lostShare(client, jobId),
  };
}

async function rateOf(contender: Contender, count: number): Promise<number> {
  const { submission, recordedAtMs } = await submitBulk(contender, count);
  return perSecond(count, recordedAtMs - submission.startedAtMs);
}

async function besideBareCommands<Result>(measure: () => Promise<Result>): Promise<Result> {
  const commands = Array.from({ length: writers }, () => spawnBare(process.execPath, [logWriter, ...flood]));
  for (const { stdout, stderr } of commands) {
    stdout?.resume();
    stderr?.resume();
  }
  try {
    await delay(startMs);
    return await measure();
  } finally {
    await Promise.all(
      commands.map(async (command) => {
        command.kill('SIGKILL');
        await once(command, 'close');
      }),
    );
  }
}

/** Of all lines that were written, in percent: by the lines in the log that say how many are missing. */
async function lostShare(client: Client, jobId: string): Promise<number> {
  let lost = 0;
  for (let cursor: string | undefined; ;) {
    const page = await client.readLog(jobId, { stream: 'note', limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    for (const { text } of page.lines) lost += Number(/^… (\d+) lines/.exec(text)?.[1] ?? 0);
    if (page.at_end) break;
    cursor = page.next_cursor ?? undefined;
  }
  let kept = 0;
  for (let writer = 0; writer < writers; writer += 1) {
    const { lines } = await client.readLog(jobId, { task_id: `${jobId.replace('job', 'task')}.0.${writer}`, last: 1 });
    kept += lines[0]?.line ?? 0;
  }
  return (lost / (lost + kept)) * 100;
}
