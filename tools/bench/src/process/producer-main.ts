/** The producer process: submits tasks of one system on call. */
import { setTimeout as delay } from 'node:timers/promises';
import { payloadOf, type Lane } from '../domain/task-payload.js';
import type { SystemName } from '../domain/systems.js';
import { submitByHttp } from '../load/http-load.js';
import { inWindow } from '../load/in-window.js';
import { monotonicMs } from '../load/monotonic-clock.js';
import type { Producer, ProducerFactory } from '../load/producer.js';
import type { Submission } from '../system/system-under-test.js';
import { answerCalls, notify } from './answer-calls.js';
import type { LoadSettings, ProducerCalls } from './load-messages.js';

const factories: Record<SystemName, () => Promise<ProducerFactory>> = {
  kintsugi: async () => (await import('../platform/platform-producer.js')).createPlatformProducer,
  bullmq: async () => (await import('../redis/bullmq-producer.js')).createBullmqProducer,
  'bullmq-always': async () => (await import('../redis/bullmq-producer.js')).createBullmqProducer,
  'graphile-worker': async () => (await import('../postgres/graphile-producer.js')).createGraphileProducer,
  dbos: async () => (await import('../postgres/dbos-producer.js')).createDbosProducer,
  restate: async () => (await import('../restate/restate-producer.js')).createRestateProducer,
};

type Asynchronous<Calls> = {
  [Method in keyof Calls]: Calls[Method] extends (order: infer Order) => infer Result ? (order: Order) => Promise<Result> : never;
};

const { system, address } = JSON.parse(process.argv[2] ?? '{}') as LoadSettings;
const producer = await (await factories[system]())(address);
answerCalls(callsOf(producer));
notify({ kind: 'ready' });

function callsOf(producer: Producer): Asynchronous<ProducerCalls> {
  return {
    bulk: async ({ lane, count }) => {
      const submitBulk = measured(producer.submitBulk, 'bulk');
      const startedAtMs = monotonicMs();
      const receipts = await submitBulk(lane, count, (n) => payloadOf(n, startedAtMs));
      return { startedAtMs, acceptedAtMs: monotonicMs(), accepted: count, receipts };
    },
    singles: (order) => submitSingles(producer, order),
    http: async ({ lane, count, connections }) => submitByHttp(measured(producer.httpDoor, 'HTTP')(lane), count, connections),
    probes: (order) => submitProbes(producer, order),
    one: async ({ lane, n }) => {
      const submitOne = measured(producer.submitOne, 'single jobs');
      const startedAtMs = monotonicMs();
      const receipt = await submitOne(lane, payloadOf(n, startedAtMs));
      return { startedAtMs, acceptedAtMs: monotonicMs(), accepted: 1, receipts: [receipt] };
    },
    close: async () => {
      await producer.close();
      return true;
    },
  };
}

/** A way to submit that this system is measured in. */
function measured<Way>(way: Way | undefined, name: string): Way {
  if (way === undefined) throw new Error(`${system} is not measured in ${name}.`);
  return way;
}

async function submitSingles(
  producer: Producer,
  { lane, count, window }: { lane: Lane; count: number; window: number },
): Promise<Submission> {
  const submitOne = measured(producer.submitOne, 'single jobs');
  const startedAtMs = monotonicMs();
  const receipts: string[] = [];
  await inWindow(count, window, async (n) => {
    receipts.push(await submitOne(lane, payloadOf(n, monotonicMs())));
  });
  return { startedAtMs, acceptedAtMs: monotonicMs(), accepted: receipts.length, receipts };
}

/** The pause is drawn anew each time, so that it cannot fall into step with a timer of the system. */
async function submitProbes(
  producer: Producer,
  { lane, count, pauseMsMin, pauseMsMax }: { lane: Lane; count: number; pauseMsMin: number; pauseMsMax: number },
): Promise<Submission> {
  const submitOne = measured(producer.submitOne, 'pickup');
  const startedAtMs = monotonicMs();
  const receipts: string[] = [];
  for (let n = 0; n < count; n += 1) {
    await delay(pauseMsMin + Math.random() * (pauseMsMax - pauseMsMin));
    receipts.push(await submitOne(lane, payloadOf(n, monotonicMs())));
  }
  return { startedAtMs, acceptedAtMs: monotonicMs(), accepted: receipts.length, receipts };
}
