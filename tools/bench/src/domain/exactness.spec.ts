import { describe, expect, test } from '@jest/globals';
import { TallyBook, faultsOfDelivery, type Delivery } from './exactness.js';

const exact: Delivery = {
  submitted: 3,
  accepted: 3,
  handled: { runs: 3, unique: 3, repeated: 0, foreign: 0 },
  recorded: { done: 3, failed: 0, unfinished: 0 },
};

describe('the book of runs', () => {
  test('says once that every task has run', () => {
    const book = new TallyBook(2);
    expect([book.count(1), book.count(1), book.count(0), book.count(0)]).toEqual([false, false, true, false]);
  });

  test('tells repeated and foreign runs from first ones', () => {
    const book = new TallyBook(3);
    for (const taskNumber of [0, 1, 1, 7, Number.NaN]) book.count(taskNumber);
    expect(book.tally()).toEqual({ runs: 5, unique: 2, repeated: 1, foreign: 2 });
  });

  test('does not lose count of a task that runs very often', () => {
    const book = new TallyBook(1);
    for (let run = 0; run < 300; run += 1) book.count(0);
    expect(book.tally()).toEqual({ runs: 300, unique: 1, repeated: 299, foreign: 0 });
  });
});

describe('a delivery', () => {
  test('is exact when all that was submitted was accepted, run and recorded', () => {
    expect(faultsOfDelivery(exact)).toEqual([]);
  });

  test('stays exact when tasks ran more than once', () => {
    expect(faultsOfDelivery({ ...exact, handled: { runs: 5, unique: 3, repeated: 2, foreign: 0 } })).toEqual([]);
  });

  test('names every fault at once', () => {
    const faults = faultsOfDelivery({
      submitted: 3,
      accepted: 2,
      handled: { runs: 3, unique: 2, repeated: 0, foreign: 1 },
      recorded: { done: 1, failed: 1, unfinished: 1 },
    });
    expect(faults).toEqual([
      '3 tasks were submitted and 2 accepted',
      '2 of 3 tasks ran',
      '1 runs belong to no task of this run',
      '1 of 3 tasks are recorded as done',
      '1 tasks are recorded as failed',
      '1 tasks are recorded as unfinished',
    ]);
  });
});
