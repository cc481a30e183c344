import { beforeEach, test } from '@jest/globals';
import { RecoveryBell } from './recovery-bell.js';

const never = new AbortController().signal;

let bell: RecoveryBell;

beforeEach(() => {
  bell = new RecoveryBell();
});

test('whoever pauses goes on as soon as it rings', async () => {
  const pauses = [bell.pause(3_600_000, bell.heard, never), bell.pause(3_600_000, bell.heard, never)];
  bell.ring();
  await Promise.all(pauses);
});

test('what rang while its listener was busy is not slept through', async () => {
  const { heard } = bell;
  bell.ring();
  await bell.pause(3_600_000, heard, never);
});

test('a pause ends with its signal', async () => {
  const stopping = new AbortController();
  const pause = bell.pause(3_600_000, bell.heard, stopping.signal);
  stopping.abort();
  await pause;
});
