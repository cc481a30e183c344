import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { Bus, EventPublisher, applyTopology, callAction } from '@kintsugi/messaging';
import { Store } from '@kintsugi/persistence';
import { startTestServers } from '@kintsugi/testing';

/**
 * Measures the history as it runs: how many jobs a second it takes in, at what CPU time, and how fast it gives pages.
 * Build first, then: node tools/bench/measure-history.mjs [jobs]
 */
const jobsTotal = Number(process.argv[2] ?? 100_000);
const jobsOfWarmUp = 10_000;
const jobsPerEvent = 256;
const publishWindow = 16;
const pagesAsked = 300;
/** Clock ticks of Linux's /proc/<pid>/stat are hundredths of a second. */
const usPerTick = 10_000;

const say = (line) => process.stdout.write(`${line}\n`);
const iso = (ms) => new Date(ms).toISOString();

function cpuUs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * usPerTick;
}

async function until(check) {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 20));
}

function bundles(total, perEvent) {
  return Array.from({ length: Math.ceil(total / perEvent) }, (_, bundle) => {
    const uuid = v7();
    const size = Math.min(perEvent, total - bundle * perEvent);
    return Array.from({ length: size }, (_unused, index) => ({ id: `job_${uuid}.${index}`, number: bundle * perEvent + index }));
  });
}

function creation(bundle, at) {
  const jobs = bundle.map(({ id, number }) => ({
    job_id: id,
    type: number % 1_000 === 0 ? 'report.build' : 'smtp.send',
    product_id: `product-${number % 20}`,
    sending_group_id: `group-${(number * 7_919) % 5_000}`,
    user_id: `user-${number % 300}`,
    priority: 5,
    max_parallel_tasks: null,
    retry_config: null,
    resource_limits: null,
    safety: 'idempotent',
    labels: number % 10 === 0 ? { campaign: `c${number % 100}` } : {},
    total_tasks: 1,
    created_at: iso(at),
  }));
  return { name: 'job.created', data: { jobs } };
}

function ending(bundle, at) {
  const status = bundle[0].number % (50 * jobsPerEvent) === 0 ? 'failed' : 'completed';
  const jobs = bundle.map(({ id }) => ({
    job_id: id,
    status,
    started_at: iso(at - 3),
    finished_at: iso(at),
    total_tasks: 1,
    task_counts: status === 'completed' ? { succeeded: 1 } : { dead: 1 },
    detailed_status: { current_phase: status, progress_percentage: 100, active_tasks: 0, error_count: 0 },
    retries: 0,
    recovered: 0,
    first_try: 1,
    error_types: {},
    task_ms: { p50_ms: 1.25, p99_ms: 1.25 },
    submit_to_done_ms: { p50_ms: 12.5, p99_ms: 12.5 },
  }));
  return { name: `job.${status}`, data: { jobs } };
}

async function publishAll(publisher, events) {
  let next = 0;
  const lane = async () => {
    while (next < events.length) {
      const { name, data } = events[next];
      next += 1;
      await publisher.publish({ id: v7(), name, source: '/measure', subject: 'bundle', time: iso(Date.now()), data });
    }
  };
  await Promise.all(Array.from({ length: publishWindow }, lane));
}

/** Whether the history has acknowledged everything. Asking the broker costs the history nothing, counting rows would. */
async function isDone(manager) {
  const { num_pending: waiting, num_ack_pending: open } = await manager.consumers.info('EVENTS', 'metrics-service-jobs');
  return waiting + open === 0;
}

/** What it takes to record the events, given in phases: each is published when the one before is recorded. */
async function measure(name, { store, bus, publisher, servicePid, mongoPid }, jobs, phases) {
  const manager = await bus.manager();
  const before = { service: cpuUs(servicePid), mongo: cpuUs(mongoPid), start: performance.now() };
  for (const events of phases) {
    await publishAll(publisher, events);
    await until(() => isDone(manager));
  }
  const seconds = (performance.now() - before.start) / 1_000;
  const [service, mongo] = [cpuUs(servicePid) - before.service, cpuUs(mongoPid) - before.mongo];
  const pages = await store.collection('job_history').find({}).toArray();
  const rowsIn = (some) => some.reduce((sum, { rows }) => sum + JSON.parse(rows).length, 0);
  const ended = rowsIn(pages.filter(({ finished_at }) => finished_at));
  if (ended !== jobs + jobsOfWarmUp) throw new Error(`${ended - jobsOfWarmUp} of ${jobs} jobs are in the history.`);
  const once = Math.max(0, rowsIn(pages.filter(({ rev }) => rev === 0)) - jobsOfWarmUp);
  say(
    `${name.padEnd(44)} ${String(Math.round(jobs / seconds)).padStart(7)} jobs/s  service ${(service / jobs).toFixed(1)} us/job  ` +
      `mongod ${(mongo / jobs).toFixed(1)} us/job  written once ${((100 * once) / jobs).toFixed(0)} %`,
  );
}

async function measurePages(name, bus, request) {
  const tookMs = [];
  let cursor;
  for (let page = 0; page < pagesAsked; page += 1) {
    const start = performance.now();
    const { next_cursor: next } = await callAction(bus, 'listJobs', { ...request, ...(cursor ? { cursor } : {}) });
    tookMs.push(performance.now() - start);
    cursor = next ?? undefined;
  }
  tookMs.sort((a, b) => a - b);
  const quantile = (share) => tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * share))].toFixed(1);
  say(`${name.padEnd(44)} p50 ${quantile(0.5)} ms  p99 ${quantile(0.99)} ms`);
}

/** The events of jobs that are created and, at once or later, completed. */
function lives(total, perEvent) {
  return bundles(total, perEvent).map((bundle) => [creation(bundle, Date.now()), ending(bundle, Date.now())]);
}

async function measureLists(bus) {
  await measurePages('pages of 50, no filter', bus, { limit: 50 });
  await measurePages('pages of 200, no filter', bus, { limit: 200 });
  await measurePages('pages of 50, one group (20 of 100,000)', bus, { limit: 50, sending_group_id: 'group-77' });
  await measurePages('pages of 50, a rare type (100 of 100,000)', bus, { limit: 50, type: 'report.build' });
  await measurePages('pages of 50, failed', bus, { limit: 50, status: ['failed'] });
  await measurePages('pages of 50, a label', bus, { limit: 50, label: 'campaign=c20' });
  await measurePages('pages of 50, a product (no own index)', bus, { limit: 50, product_id: 'product-7' });
  await measurePages('pages of 50, a user (no own index)', bus, { limit: 50, user_id: 'user-7' });
}

/** A metrics-service of its own with an empty history, warmed up. */
async function withService(servers, prefix, use) {
  const main = new URL('../bundles/dist/metrics-service.js', import.meta.url).pathname;
  const environment = { NATS_URL: servers.natsUrl, MONGO_URL: servers.mongoUrl, DATABASE_PREFIX: prefix, KINTSUGI_LEASHED: '1' };
  const service = spawn(process.execPath, [main], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const exited = new Promise((resolve) => service.once('exit', resolve));
  const bus = await Bus.connect({ servers: servers.natsUrl, name: 'measure' });
  const store = await Store.connect(
    { url: servers.mongoUrl, database: `${prefix}_metrics`, applicationName: 'measure' },
    () => undefined,
  );
  try {
    await applyTopology(bus);
    await until(() => {
      if (service.exitCode !== null) throw new Error('metrics-service has ended.');
      return callAction(bus, 'listJobs', {}).then(Boolean, () => false);
    });
    const context = { store, bus, publisher: new EventPublisher(bus), servicePid: service.pid, mongoPid: servers.mongo.pid };
    await publishAll(context.publisher, lives(jobsOfWarmUp, jobsPerEvent).flat());
    const manager = await bus.manager();
    await until(() => isDone(manager));
    await use(context);
  } finally {
    service.stdin.end();
    await exited;
    await Promise.all([bus.close(), store.close()]);
  }
}

const servers = await startTestServers();
try {
  await withService(servers, 'one', async (context) => {
    await measure('created and completed at once, 256 an event', context, jobsTotal, [lives(jobsTotal, jobsPerEvent).flat()]);
    await measureLists(context.bus);
  });
  await withService(servers, 'two', (context) => {
    const few = Math.min(jobsTotal, 20_000);
    return measure('created and completed at once, 8 an event', context, few, [lives(few, 8).flat()]);
  });
  await withService(servers, 'three', (context) => {
    const pairs = lives(jobsTotal, jobsPerEvent);
    return measure('completed long after creation', context, jobsTotal, [
      pairs.map(([created]) => created),
      pairs.map(([, ended]) => ended),
    ]);
  });
} finally {
  await servers.stop();
}
