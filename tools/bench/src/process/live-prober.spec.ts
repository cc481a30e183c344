import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { LiveWatch } from '../domain/live-samples.js';
import { seenBy } from './live-prober.js';

type Prober = Parameters<typeof seenBy>[0];

const longMs = 60_000;
const never = new Promise(() => undefined);
const watch: LiveWatch = { samples: [], faults: [], lateMs: [1] };

function proberThat(onStop: (prober: EventEmitter) => void): Prober {
  const prober = new EventEmitter();
  return Object.assign(prober, { send: () => setImmediate(onStop, prober) }) as unknown as Prober;
}

const emitterOf = (prober: Prober): EventEmitter => prober as unknown as EventEmitter;
const obedient = () => proberThat((prober) => void prober.emit('message', watch));

test('a prober tells what it has seen once it is told to stop', async () => {
  expect(await seenBy(obedient(), 1, never)).toEqual(watch);
});

test('a prober that ends by itself ends the watch at once, and not after the time', async () => {
  const prober = obedient();
  setImmediate(() => emitterOf(prober).emit('exit', 1, null));
  await expect(seenBy(prober, longMs, never)).rejects.toThrow('ended by itself, with exit code 1');
});

test('a prober that is killed when it should tell is not waited for', async () => {
  const prober = proberThat((one) => void one.emit('exit', null, 'SIGKILL'));
  await expect(seenBy(prober, 1, never)).rejects.toThrow('SIGKILL');
});

test('a prober that cannot be started, and a flood that fails, end the watch at once', async () => {
  const prober = obedient();
  setImmediate(() => emitterOf(prober).emit('error', new Error('no memory')));
  await expect(seenBy(prober, longMs, never)).rejects.toThrow('no memory');
  await expect(seenBy(obedient(), longMs, Promise.reject(new Error('the flood has failed')))).rejects.toThrow(
    'the flood has failed',
  );
});
