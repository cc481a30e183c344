import { expect, test } from '@jest/globals';
import { ProblemError } from '@kintsugi/contracts';
import { NobodyThereError } from '@kintsugi/messaging';
import { askPoolsBy } from './ask-pools.js';

const wish = { pool: 'app', owner: 'task_1' };
const slot = { slot_id: 'slot_1', token: 7 };

/** A platform whose recovery-service and agent can be away. */
function platform() {
  const there = { recovery: true, east: true };
  const asked: string[] = [];
  const state = { problem: null as ProblemError | null };
  const ask = (async (action: string, _data: object, at?: { host: string }) => {
    asked.push(at === undefined ? action : `${action} at ${at.host}`);
    if (at === undefined ? !there.recovery : !there.east) throw new NobodyThereError('It is not running.');
    if (state.problem) throw state.problem;
    return { ...slot, host: 'east' };
  }) as Parameters<typeof askPoolsBy>[0];
  return { there, asked, state, ask: askPoolsBy(ask) };
}

test('while recovery-service is away, slots are given, beaten for and given back where the host is known', async () => {
  const { there, asked, ask } = platform();
  await ask('allocate', wish);
  there.recovery = false;
  await ask('heartbeatSlot', slot, 'east');
  await ask('release', slot, 'east');
  expect(await ask('allocate', wish)).toMatchObject({ host: 'east' });
  expect(asked).toEqual(['allocate', 'heartbeatSlot at east', 'release at east', 'allocate', 'allocate at east']);
});

test('of a pool whose host is not known, or has it no more, it is said that recovery-service is away', async () => {
  const { there, state, ask } = platform();
  there.recovery = false;
  await expect(ask('allocate', wish)).rejects.toBeInstanceOf(NobodyThereError);
  there.recovery = true;
  await ask('allocate', wish);
  there.recovery = false;
  state.problem = new ProblemError('POOL_NOT_FOUND', 'There is no such pool.');
  await expect(ask('allocate', wish)).rejects.toBeInstanceOf(NobodyThereError);
  state.problem = new ProblemError('POOL_EXHAUSTED', 'All are taken.');
  await expect(ask('allocate', wish)).rejects.toMatchObject({ code: 'POOL_EXHAUSTED' });
});

test('a slot whose host has another name by now is asked for at recovery-service, and what is refused is asked once', async () => {
  const { there, asked, state, ask } = platform();
  there.east = false;
  await ask('release', slot, 'east');
  expect(asked).toEqual(['release at east', 'release']);
  there.east = true;
  state.problem = new ProblemError('SLOT_TOKEN_STALE', 'It is not yours.');
  await expect(ask('release', slot, 'east')).rejects.toMatchObject({ code: 'SLOT_TOKEN_STALE' });
  expect(asked.slice(2)).toEqual(['release at east']);
});
