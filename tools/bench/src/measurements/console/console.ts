import { setTimeout as delay } from 'node:timers/promises';
import type { CreateJobInput } from '@kintsugi/contracts';
import type { Client } from '@kintsugi/client';
import { NonRetryable, type TaskHandler } from '@kintsugi/worker-sdk';
import type { BenchPlan } from '../../bench-plan.js';
import type { Readings } from '../../domain/figure-book.js';
import { groupSample } from '../../domain/error-samples.js';
import { fillErrors } from '../../load/error-filler.js';
import { fillHistory } from '../../load/history-filler.js';
import type { SystemUnderTest } from '../../system/system-under-test.js';
import { layDownHistory } from '../history/laid-history.js';
import { until } from '../until.js';
import { endsAs, withWorker } from '../with-worker.js';
import { BenchBrowser } from './bench-browser.js';
import { measureBundle } from './bundle.js';
import { measureInteractions } from './interactions.js';
import { measureLiveUpdates } from './live-updates.js';
import { measurePageLoads } from './page-loads.js';
import { lastTaskId, type SeededConsole } from './seeded-console.js';
import { measureTaskGrid } from './task-grid.js';

const type = 'bench.console';
const slots = 100;
/** Of so many tasks of the large job one fails. */
const failsOf = 10_000;
/** More than are run while the pages are looked at. */
const slowTasks = 20_000;
const slowMs = 1_000;
const pendingJobs = 30;
const pollMs = 100;

interface Given {
  fails?: true;
  is?: 'slow';
}

/** The console in a real browser, of a platform that has had much to do. */
export async function measureConsole(system: SystemUnderTest, plan: BenchPlan, signal: AbortSignal): Promise<Readings> {
  const { address } = system;
  const { api, mongo, nats } = address;
  const now = Date.now();
  await fillHistory(String(nats), { jobs: plan.historyJobs, now }, signal);
  await layDownHistory(String(mongo), system, signal);
  await fillErrors(String(mongo), { records: plan.errorRecords, groups: plan.errorGroups, now }, signal);
  return withWorker(address, { type, slots, handler }, async (client, head) => {
    const seeded = await seed(client, head, plan.consoleTasks);
    const browser = await BenchBrowser.start(String(api));
    try {
      const measures = [
        () => measurePageLoads(browser, seeded, plan.consoleRounds),
        () => measureInteractions(browser, seeded, plan.consoleRounds),
        () => measureTaskGrid(browser, seeded, plan.consoleRounds),
        () => measureBundle(browser, String(api)),
        () => measureLiveUpdates(browser, seeded),
      ];
      let readings: Readings = {};
      for (const measure of measures) {
        signal.throwIfAborted();
        readings = { ...readings, ...(await measure()) };
      }
      return readings;
    } finally {
      await browser.close();
    }
  });
}

const handler: TaskHandler = async ({ task, signal }) => {
  const { fails, is } = task.payload as Given;
  if (fails) throw new NonRetryable('No mailbox has this name', { error_type: 'smtp.550' });
  if (is === 'slow') await delay(slowMs, undefined, { signal }).catch(() => undefined);
};

async function seed(client: Client, head: Omit<CreateJobInput, 'tasks'>, tasks: number): Promise<SeededConsole> {
  const { job_id: job } = await client.submitTasks(head, largeJob(tasks));
  await endsAs('failed', client, job);
  for (let n = 0; n < pendingJobs; n += 1) await client.createJob({ ...head, type: 'bench.unserved', tasks: [{ payload: {} }] });
  const slow = Array.from({ length: slowTasks }, () => ({ payload: { is: 'slow' } }));
  const { job_id: running } = await client.submitTasks({ ...head, max_parallel_tasks: 10 }, slow);
  await until(
    'the jobs are listed',
    async () => {
      const { items } = await client.listJobs({ status: ['running'] });
      return items.some(({ id }) => id === running) ? true : null;
    },
    pollMs,
  );
  return { job, group: groupSample(0).id, running };
}

function* largeJob(tasks: number): Generator<{ id?: string; payload: Given }> {
  for (let n = 1; n <= tasks; n += 1) {
    yield { ...(n === tasks ? { id: lastTaskId } : {}), payload: n % failsOf === 0 ? { fails: true } : {} };
  }
}
