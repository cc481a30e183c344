import { describe, expect, test } from '@jest/globals';
import { endedTaskStates, taskStates, type TaskState } from '@kintsugi/contracts';
import { Chunk } from './chunk.js';
import { chunkOf } from './chunk-sample.js';
import { mayMove, openTaskStates, taskTransitions, type TaskMove } from './task-lifecycle.js';

/** A chunk whose only task is in the given state. */
function inState(state: TaskState): Chunk {
  const chunk = chunkOf(1);
  chunk.state.states.set(Chunk.codesOf([state]));
  return new Chunk(chunk.identity, chunk.state, chunk.lines);
}

describe('a task moves only as its lifecycle says', () => {
  const moves = Object.keys(taskTransitions) as TaskMove[];

  test.each(taskStates)('from %s every legal move is made and every other refused', (state) => {
    for (const move of moves) {
      const chunk = inState(state);
      const legal = (taskTransitions[move].from as readonly TaskState[]).includes(state);
      expect(chunk.move(0, move)).toBe(legal);
      expect(mayMove(state, move)).toBe(legal);
      expect(chunk.stateOf(0)).toBe(legal ? taskTransitions[move].to : state);
      expect(chunk.tally()).toEqual({ [legal ? taskTransitions[move].to : state]: 1 });
    }
  });

  test('what has succeeded, was skipped or cancelled moves no more, unless its job is deleted', () => {
    for (const state of ['succeeded', 'skipped', 'cancelled'] as const) {
      // What was given up because of others waits again where one of them is run again.
      expect(moves.filter((move) => mayMove(state, move))).toEqual(state === 'skipped' ? ['block', 'erase'] : ['erase']);
    }
  });

  test('a task either keeps its job open or has ended, in every state', () => {
    expect([...openTaskStates, ...endedTaskStates].sort()).toEqual([...taskStates].sort());
  });

  test('a move beyond the end of the chunk is refused', () => {
    expect(chunkOf(2).move(2, 'lease')).toBe(false);
  });
});
