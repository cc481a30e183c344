import type { Fleet } from '@kintsugi/contracts';

/** A metric with its samples, as a process tells it. */
interface MetricFamily {
  name: string;
  values: readonly { labels: Record<string, string | number>; value: number | null }[];
}

/** What all processes said of themselves at a moment. */
export interface FleetReading {
  /** Epoch milliseconds. */
  at: number;
  processes: readonly { service: string; instance: string; families: readonly MetricFamily[] }[];
}

type Queue = Fleet['queues'][number];

/** Queues that are told of: those that have waited longest. */
const queuesMax = 200;

const taskStatesOf = { ready: ['ready'], active: ['leased', 'running'], waiting_retry: ['waiting_retry'] } as const;

/** How the platform goes on, from what its processes said at one moment and another. */
export function fleetOf(before: FleetReading, now: FleetReading): Omit<Fleet, 'groups_rising'> {
  const spanS = Math.max(0.001, (now.at - before.at) / 1_000);
  const grown = (name: string, wanted: Record<string, string> = {}): number =>
    rounded(growthOf(before, now, name, wanted) / spanS);
  const gauge = (name: string, wanted: Record<string, string> = {}): number =>
    samplesOf(now, name, wanted).reduce((sum, { value }) => sum + value, 0);
  const queues = typesOf(now).map((type): Queue => ({
    type,
    ready: tasksIn(now, type, 'ready'),
    active: tasksIn(now, type, 'active'),
    waiting_retry: tasksIn(now, type, 'waiting_retry'),
    oldest_ready_s: rounded(
      Math.max(0, ...samplesOf(now, 'kintsugi_queue_oldest_ready_age_seconds', { type }).map(({ value }) => value)),
    ),
    ended_per_s: grown('kintsugi_tasks_finished_total', { type }),
    failed_per_s: grown('kintsugi_attempts_total', { type, outcome: 'failed' }),
  }));
  const used = gauge('kintsugi_worker_slots', { state: 'used' });
  return {
    as_of: new Date(now.at).toISOString(),
    span_s: rounded(spanS),
    rates: {
      jobs_accepted_per_s: grown('kintsugi_jobs_accepted_total'),
      jobs_ended_per_s: grown('kintsugi_jobs_finished_total'),
      jobs_failed_per_s: grown('kintsugi_jobs_finished_total', { status: 'failed' }),
      tasks_ended_per_s: grown('kintsugi_tasks_finished_total'),
      runs_failed_per_s: grown('kintsugi_attempts_total', { outcome: 'failed' }),
      retries_per_s: grown('kintsugi_retries_total'),
    },
    queues: queues
      .sort((a, b) => b.oldest_ready_s - a.oldest_ready_s || b.ended_per_s - a.ended_per_s || (a.type < b.type ? -1 : 1))
      .slice(0, queuesMax),
    workers: {
      up: gauge('kintsugi_workers', { state: 'up' }),
      draining: gauge('kintsugi_workers', { state: 'draining' }),
      slots: used + gauge('kintsugi_worker_slots', { state: 'free' }),
      used_slots: used,
    },
    retries_in_flight: queues.reduce((sum, queue) => sum + queue.waiting_retry, 0),
  };
}

/** A metric by the values of one of its labels, over all processes; null where no process tells it. */
export function gaugeBy(
  reading: FleetReading,
  name: string,
  label: string,
  { wanted = {}, join = (a, b) => a + b }: { wanted?: Record<string, string>; join?: (a: number, b: number) => number } = {},
): Map<string, number> | null {
  if (!reading.processes.some(({ families }) => families.some((family) => family.name === name))) return null;
  const by = new Map<string, number>();
  for (const { labels, value } of samplesOf(reading, name, wanted)) {
    const key = String(labels[label] ?? '');
    const before = by.get(key);
    by.set(key, before === undefined ? value : join(before, value));
  }
  return by;
}

/** By how much a counter has grown each second between two readings, by the values of one of its labels; null where no process told it both times. */
export function rateBy(
  before: FleetReading,
  now: FleetReading,
  name: string,
  label: string,
  wanted: Record<string, string> = {},
): Map<string, number> | null {
  const keys = gaugeBy(ofThoseIn(before, now), name, label, { wanted });
  const spanS = Math.max(0.001, (now.at - before.at) / 1_000);
  if (!keys) return null;
  return new Map([...keys.keys()].map((key) => [key, growthOf(before, now, name, { ...wanted, [label]: key }) / spanS]));
}

function typesOf(reading: FleetReading): string[] {
  const names = ['kintsugi_queue_tasks', 'kintsugi_queue_oldest_ready_age_seconds', 'kintsugi_tasks_finished_total'];
  return [...new Set(names.flatMap((name) => samplesOf(reading, name, {}).map(({ labels }) => String(labels['type']))))];
}

function tasksIn(reading: FleetReading, type: string, state: keyof typeof taskStatesOf): number {
  const states = taskStatesOf[state].map((name) => samplesOf(reading, 'kintsugi_queue_tasks', { type, state: name }));
  return states.flat().reduce((sum, { value }) => sum + value, 0);
}

interface Sample {
  process: string;
  labels: Record<string, string | number>;
  value: number;
}

function samplesOf({ processes }: FleetReading, name: string, wanted: Record<string, string>): Sample[] {
  return processes.flatMap(({ service, instance, families }) =>
    (families.find((family) => family.name === name)?.values ?? []).flatMap(({ labels, value }) =>
      value !== null && Object.entries(wanted).every(([label, text]) => String(labels[label]) === text)
        ? [{ process: processOf({ service, instance }), labels, value }]
        : [],
    ),
  );
}

/**
 * By how much a counter has grown. One that is smaller than before has begun anew with its process, and counts whole. A process
 * that said nothing before, because it was slow or not there yet, is left out: its counters are of its whole life.
 */
function growthOf(before: FleetReading, now: FleetReading, name: string, wanted: Record<string, string>): number {
  const keyOf = ({ process, labels }: Sample): string => process + JSON.stringify(labels);
  const earlier = new Map(samplesOf(before, name, wanted).map((sample) => [keyOf(sample), sample.value]));
  return samplesOf(ofThoseIn(before, now), name, wanted).reduce((sum, sample) => {
    const from = earlier.get(keyOf(sample)) ?? 0;
    return sum + (sample.value >= from ? sample.value - from : sample.value);
  }, 0);
}

/** What is said now by the processes that said something before. */
function ofThoseIn(before: FleetReading, { at, processes }: FleetReading): FleetReading {
  const known = new Set(before.processes.map(processOf));
  return { at, processes: processes.filter((process) => known.has(processOf(process))) };
}

function processOf({ service, instance }: { service: string; instance: string }): string {
  return `${service} ${instance}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
