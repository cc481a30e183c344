import { describe, expect, test } from '@jest/globals';
import { chunkOf } from './chunk-sample.js';
import { Chunk } from './chunk.js';
import { viewTask } from './task-view.js';

describe('the params of a manual recovery', () => {
  test.each([
    ['an object', { to: 'ada', n: 1 }, { to: 'bob', n: 1 }],
    ['an array', ['ada'], { to: 'bob' }],
    ['a text', 'ada', { to: 'bob' }],
    ['null', null, { to: 'bob' }],
  ])('are shown over a payload that is %s as its handler gets them', (_, payload, wanted) => {
    const { identity, state } = chunkOf(1);
    const chunk = new Chunk(identity, state, [JSON.stringify({ payload })]);
    chunk.setExtra('params', 0, JSON.stringify({ to: 'bob' }));
    expect(viewTask(chunk, 0).payload).toEqual(wanted);
  });
});
