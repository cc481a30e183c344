import { afterAll, afterEach, expect, jest } from '@jest/globals';
import { endWaits } from '../libs/shared/testing/src/waits.ts';

const minute = 60_000;
/** No promise of speed: how long a hanging test may hold up all others, on a machine that is slow and busy. */
const limits = [
  { folder: '/tests/system/', limitMs: 10 * minute },
  { folder: '/tests/integration/', limitMs: 5 * minute },
];

const path = expect.getState().testPath ?? '';
jest.setTimeout(limits.find(({ folder }) => path.includes(folder))?.limitMs ?? minute);

afterEach(endWaits);
afterAll(endWaits);
