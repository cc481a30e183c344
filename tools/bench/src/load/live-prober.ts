import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

/** Asks the gateway whether it lives, again and again, in a thread that nothing else keeps busy; tells the times once it is stopped. */
const { url, pauseMs } = workerData as { url: string; pauseMs: number };
const times: number[] = [];
let stopped = false;

parentPort?.once('message', () => {
  stopped = true;
});

while (!stopped) {
  const startedAt = performance.now();
  const response = await fetch(url);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`);
  times.push(performance.now() - startedAt);
  await delay(pauseMs);
}
parentPort?.postMessage(times);
