import { expect, test } from '@jest/globals';
import { ProblemError, type IncidentRecovery } from '@kintsugi/contracts';
import { NobodyThereError } from '@kintsugi/messaging';
import type { Logger } from '@kintsugi/observability';
import type { AlertStore } from '../mongo/alert-store.js';
import { RecoverIncidents } from './recover-incidents.js';

const owed: IncidentRecovery = { action: 'autoRecover', target: 'app', state: 'owed', detail: '' };

/** One incident, and a service that answers as it is told to, through as many looks as there are answers. */
async function looked(...answers: (string | Error)[]): Promise<{ asked: number; recovery: IncidentRecovery }> {
  let recovery = owed;
  let asked = 0;
  const store = {
    owed: async () => (recovery.state === 'owed' ? [{ _id: 'inc_1', name: 'SlotsIsolated', recovery }] : []),
    moveRecovery: async (_id: string, from: IncidentRecovery['state'], to: IncidentRecovery) => {
      if (recovery.state !== from) return false;
      recovery = to;
      return true;
    },
  } as unknown as AlertStore;
  const start = async (): Promise<string> => {
    const answer = answers[asked++];
    if (typeof answer === 'string') return answer;
    throw answer;
  };
  const recover = new RecoverIncidents(store, { start }, { info: () => undefined } as unknown as Logger);
  for (const _ of answers) {
    recover.begin((error) => {
      throw error;
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { asked, recovery };
}

test('a recovery is asked for again where nobody was there to be asked', async () => {
  expect(await looked(new NobodyThereError('pool-agent is not running.'), '3 slots are sound.')).toEqual({
    asked: 2,
    recovery: { ...owed, state: 'done', detail: '3 slots are sound.' },
  });
});

test.each([
  ['no answer came', new ProblemError('SERVICE_UNAVAILABLE', 'pool-agent did not answer in time.')],
  ['the database went away', new ProblemError('STORE_UNAVAILABLE', 'MongoDB is away.')],
])('a recovery that may have begun is not asked for again: %s', async (_why, answer) => {
  expect(await looked(answer, 'It ran twice.')).toEqual({
    asked: 1,
    recovery: { ...owed, state: 'asked', detail: answer.message },
  });
});

test('a recovery that is refused has failed', async () => {
  const refusal = new ProblemError('VALIDATION_FAILED', 'There is no pool app.');
  expect(await looked(refusal, 'It ran after all.')).toMatchObject({ asked: 1, recovery: { state: 'failed' } });
});
