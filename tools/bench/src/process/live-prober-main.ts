/**
 * Asks services whether they live, at fixed moments, in a process that nothing else keeps busy.
 * Told to stop by its parent, it sends what it has seen and ends.
 */
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveSample, LiveTarget, LiveWatch } from '../domain/live-samples.js';
import { scheduleOf } from './process-figures.js';

const { targets, everyMs } = JSON.parse(process.argv[2] ?? '') as { targets: LiveTarget[]; everyMs: number };
/** A connection for each question, as whoever watches over a service asks. */
const agent = new Agent({ keepAlive: false });
const watch: LiveWatch = { samples: [], lateMs: [] };
const ended = new AbortController();
process.once('message', () => ended.abort());
process.once('disconnect', () => process.exit());

// What is asked first has code compiled.
await Promise.all(targets.map(ask));
await Promise.all(targets.map(watchOver));
process.send?.(watch, () => process.exit());

/** No second question goes out before the first is answered: those that pile up would measure their own queue. */
async function watchOver(target: LiveTarget): Promise<void> {
  for (let due = performance.now(); !ended.signal.aborted;) {
    due += everyMs * Math.max(1, Math.ceil((performance.now() - due) / everyMs));
    await delay(Math.max(0, due - performance.now()));
    watch.lateMs.push(Math.max(0, performance.now() - due));
    watch.samples.push(await ask(target));
  }
}

async function ask({ name, url, pid }: LiveTarget): Promise<LiveSample> {
  const startedAt = performance.now();
  const [theirs, own] = [scheduleOf(pid), scheduleOf(process.pid)];
  const status = await new Promise<number | undefined>((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    }).once('error', reject);
  });
  const answerMs = performance.now() - startedAt;
  if (status !== 200) throw new Error(`${url} answered ${status}.`);
  const [theirsNow, ownNow] = [scheduleOf(pid), scheduleOf(process.pid)];
  const waitedMs = theirsNow.waitedMs - theirs.waitedMs + ownNow.waitedMs - own.waitedMs;
  return { name, answerMs, waitedMs, ranMs: theirsNow.ranMs - theirs.ranMs };
}
