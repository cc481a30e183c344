import { expect, test } from '@jest/globals';
import type { Client } from '@kintsugi/client';
import { ProblemError } from '@kintsugi/contracts';
import { Output } from '../terminal/output.js';
import { watchErrors } from './watch-errors.js';

const away = new ProblemError('SERVICE_UNAVAILABLE', 'The platform cannot be reached.');
const record = { id: 'err_1', timestamp: '2027-01-01T00:00:01.000Z' };

/** Watches while the looks go as they are told to, and is interrupted at the last. Gives what was written. */
async function watched(...looks: (object[] | Error)[]): Promise<{ shown: string; said: string }> {
  const [controller, told] = [new AbortController(), { shown: '', said: '' }];
  const output = new Output({ write: (text) => (told.shown += text) }, { write: (text) => (told.said += text) }, true, {});
  const listErrors = async () => {
    const look = looks.shift();
    if (looks.length === 0) controller.abort();
    if (look instanceof Error) throw look;
    return { items: look, next_cursor: null };
  };
  const { signal } = controller;
  const interruption = {
    signal,
    release: () => undefined,
    get happened() {
      return signal.aborted;
    },
  };
  const client = { listErrors } as unknown as Client;
  await watchErrors(client, { from: '2027-01-01T00:00:00.000Z' }, output, interruption);
  return told;
}

test('a restart of the gateway does not end it, and what failed meanwhile is shown afterwards', async () => {
  const { shown, said } = await watched([], away, [record]);
  expect(JSON.parse(shown)).toEqual(record);
  expect(said).toContain('SERVICE_UNAVAILABLE');
});

test('a platform that is not there at the beginning ends it, as does what trying again cannot solve', async () => {
  const refused = new ProblemError('UNAUTHENTICATED', 'No such key.');
  await expect(watched(away, [])).rejects.toBe(away);
  await expect(watched([], refused, [])).rejects.toBe(refused);
});
