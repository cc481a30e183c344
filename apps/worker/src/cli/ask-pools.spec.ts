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
  const none = null as ProblemError | null;
  const state = { problem: none, ofRecovery: none, ofEast: none };
  const ask = (async (
    action: string,
    _data: object,
    { host, onlyWhilePresent }: { host?: string; onlyWhilePresent: boolean },
  ) => {
    // Whoever ends under a request is not waited for.
    expect(onlyWhilePresent).toBe(true);
    asked.push(host === undefined ? action : `${action} at ${host}`);
    if (host === undefined ? !there.recovery : !there.east) throw new NobodyThereError('It is not running.');
    const problem = state.problem ?? (host === undefined ? state.ofRecovery : state.ofEast);
    if (problem) throw problem;
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

test('a new slot is asked for at its host, too, where recovery-service ended under the request', async () => {
  const { asked, state, ask } = platform();
  state.ofRecovery = new ProblemError('SERVICE_UNAVAILABLE', 'It ended before it answered.');
  await expect(ask('allocate', wish)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  state.ofRecovery = null;
  await ask('allocate', wish);
  state.ofRecovery = new ProblemError('SERVICE_UNAVAILABLE', 'It ended before it answered.');
  expect(await ask('allocate', wish)).toMatchObject({ host: 'east' });
  expect(asked).toEqual(['allocate', 'allocate', 'allocate', 'allocate at east']);
});

test('a slot that its host has no more is given up only where recovery-service knows of no other', async () => {
  const { there, asked, state, ask } = platform();
  state.ofEast = new ProblemError('SLOT_NOT_FOUND', 'There is no such slot.');
  await ask('heartbeatSlot', slot, 'east');
  expect(asked).toEqual(['heartbeatSlot at east', 'heartbeatSlot']);
  there.recovery = false;
  await expect(ask('heartbeatSlot', slot, 'east')).rejects.toBeInstanceOf(NobodyThereError);
  there.recovery = true;
  state.problem = state.ofEast;
  await expect(ask('heartbeatSlot', slot, 'east')).rejects.toMatchObject({ code: 'SLOT_NOT_FOUND' });
});
