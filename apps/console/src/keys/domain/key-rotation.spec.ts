import { expect, test } from '@jest/globals';
import { rotateKey } from './key-rotation.js';

const made = { id: 'root', key: 'kin_root_new' };

test('whoever rotates the key that they came in with sees the new one first, and goes on with it', async () => {
  const deeds: string[] = [];
  await rotateKey({
    rotate: () => Promise.resolve(made),
    show: ({ key }) => deeds.push(`show ${key}`),
    enter: (key) => Promise.resolve(deeds.push(`enter ${key}`)),
  });
  expect(deeds).toEqual(['show kin_root_new', 'enter kin_root_new']);
});

test('a sign-in that fails takes the new key from nobody', async () => {
  const shown: string[] = [];
  const enter = () => Promise.reject(new Error('The gateway does not answer.'));
  await rotateKey({ rotate: () => Promise.resolve(made), show: ({ key }) => shown.push(key), enter });
  expect(shown).toEqual(['kin_root_new']);
});

test('the key of somebody else is rotated without a sign-in', async () => {
  const shown: string[] = [];
  await rotateKey({ rotate: () => Promise.resolve(made), show: ({ key }) => shown.push(key), enter: null });
  expect(shown).toEqual(['kin_root_new']);
});
