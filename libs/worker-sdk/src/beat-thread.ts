import { workerData } from 'node:worker_threads';
import { every } from '@kintsugi/boundary';
import { subjects } from '@kintsugi/contracts';
import { Bus } from '@kintsugi/messaging';

/** Runs in a thread of its own with a connection of its own: a handler that blocks the main thread cannot stop it. */
const beatEveryMs = 500;

const { servers, token, workerId } = workerData as { servers: string; token: string | undefined; workerId: string };
const bus = await Bus.connect({ servers, name: `${workerId} beat`, ...(token ? { token } : {}) });
const beat = JSON.stringify({ worker_id: workerId });
every('beat', beatEveryMs, () => bus.publish(subjects.beats, beat));
bus.publish(subjects.beats, beat);
