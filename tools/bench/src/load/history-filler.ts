import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';
import type { EventName } from '@kintsugi/contracts';
import { Bus, EventPublisher, consumerBacklogs } from '@kintsugi/messaging';
import {
  bundleSamples,
  creationSample,
  endingSample,
  type BundleSample,
  type HistorySampling,
} from '../domain/history-samples.js';

const publishers = 16;
const pollMs = 200;
const patienceMs = 900_000;

/** Tells metrics-service of jobs that are over, as job-service does, and waits until its history has them all. */
export async function fillHistory(natsUrl: string, sampling: HistorySampling, signal: AbortSignal): Promise<void> {
  const bus = await Bus.connect({ servers: natsUrl, name: 'bench-history' });
  try {
    const publisher = new EventPublisher(bus);
    const bundles = bundleSamples(sampling, (at) => v7({ msecs: at }));
    const lane = async (): Promise<void> => {
      for (const bundle of bundles) {
        signal.throwIfAborted();
        await tell(publisher, bundle);
      }
    };
    await Promise.all(Array.from({ length: publishers }, lane));
    await takenIn(bus, signal);
  } finally {
    await bus.close();
  }
}

async function tell(publisher: EventPublisher, bundle: BundleSample): Promise<void> {
  const common = { source: '/bench', subject: `job_${bundle.uuid}`, time: new Date(bundle.at + 50).toISOString() };
  const publish = (name: EventName, data: ReturnType<typeof creationSample> | ReturnType<typeof endingSample>) =>
    publisher.publish({ id: v7(), name, ...common, data });
  await publish('job.created', creationSample(bundle));
  for (const status of ['completed', 'failed'] as const) {
    const ending = endingSample(bundle, status);
    if (ending.jobs.length > 0) await publish(`job.${status}`, ending);
  }
}

async function takenIn(bus: Bus, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + patienceMs; ;) {
    signal.throwIfAborted();
    const backlog = (await consumerBacklogs(bus)).find(({ consumer }) => consumer === 'metrics-service-jobs');
    if (backlog && backlog.pending + backlog.unacknowledged === 0) return;
    if (Date.now() > deadline) throw new Error('The history has not taken in the jobs that it was told of.');
    await delay(pollMs);
  }
}
