/**
 * Asks services whether they live, at fixed moments, in a process that nothing else keeps busy.
 * Told to stop by its parent, it sends what it has seen and ends.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { LiveTarget, LiveWatch } from '../domain/live-samples.js';
import { askWhetherLives } from './ask-whether-lives.js';

const { targets, everyMs } = JSON.parse(process.argv[2] ?? '') as { targets: LiveTarget[]; everyMs: number };
const answerMsMax = 10_000;
const watch: LiveWatch = { samples: [], faults: [], lateMs: [] };
const ended = new AbortController();
process.once('message', () => ended.abort());
process.once('disconnect', () => process.exit());

// What is asked first has code compiled.
await Promise.all(targets.map((target) => askWhetherLives(target, answerMsMax)));
await Promise.all(targets.map(watchOver));
process.send?.(watch, () => process.exit());

/** No second question goes out before the first is answered: those that pile up would measure their own queue. */
async function watchOver(target: LiveTarget): Promise<void> {
  for (let due = performance.now(); !ended.signal.aborted;) {
    due += everyMs * Math.max(1, Math.ceil((performance.now() - due) / everyMs));
    await delay(Math.max(0, due - performance.now()));
    watch.lateMs.push(Math.max(0, performance.now() - due));
    const answer = await askWhetherLives(target, answerMsMax);
    if ('reason' in answer) watch.faults.push(answer);
    else watch.samples.push(answer);
  }
}
