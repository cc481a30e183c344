import { expect, test } from '@jest/globals';
import { ProblemError, serviceActor, type ActionName } from '@kintsugi/contracts';
import type { Backend } from '../../nats/backend.js';
import { ReadDeadLetters } from './read-dead-letters.js';

const origin = { actor: serviceActor('gateway'), requestId: 'r' };
const away = new ProblemError('SERVICE_UNAVAILABLE', 'It is away.');

function reader(failing: Partial<Record<ActionName, ProblemError>>): ReadDeadLetters {
  const ask = async (action: ActionName) => {
    if (failing[action]) throw failing[action];
    return { items: [{ id: `${action}.1`, since: '2027-01-01T00:00:00.000Z' }], next_cursor: null };
  };
  return new ReadDeadLetters({ ask } as unknown as Backend);
}

test('while a service is away, the dead letters of the others are told, and that it is', async () => {
  const page = await reader({ listRecoveryDeadLetters: away }).list(undefined, {}, origin);
  expect(page.items.map(({ id }) => id).sort()).toEqual(['listJobDeadLetters.1', 'listMetricsDeadLetters.1']);
  expect(page.away).toEqual([{ service: 'recovery', code: 'SERVICE_UNAVAILABLE', detail: 'It is away.' }]);
  expect((await reader({}).list(undefined, {}, origin)).away).toEqual([]);
});

test('what was asked of one service fails with it, as does what all of them failed, or what is wrong with the request', async () => {
  const refused = new ProblemError('CURSOR_INVALID', 'It is none.');
  const all = { listJobDeadLetters: away, listRecoveryDeadLetters: away, listMetricsDeadLetters: away };
  await expect(reader({ listRecoveryDeadLetters: away }).list('recovery', {}, origin)).rejects.toBe(away);
  await expect(reader(all).list(undefined, {}, origin)).rejects.toBe(away);
  await expect(reader({ listJobDeadLetters: refused }).list(undefined, {}, origin)).rejects.toBe(refused);
});
