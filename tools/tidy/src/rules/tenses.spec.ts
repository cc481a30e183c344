import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { tensesOf } from './tenses.js';

const check = (events: string[], commands: string[]) => reportOf(tensesOf({ events, commands }), treeOf({}));

describe('tenses', () => {
  test.each(['job.complete', 'job.completing', 'JobCompleted', 'completed', 'job.task.completed'])(
    'the event %s is found',
    (name) => {
      expect(check([name], [])[0]).toContain(`${name} is not noun.past-participle`);
    },
  );

  test.each(['jobCreated', 'job', 'cancel', 'CreateJob', 'create-job', 'jobCancel'])('the command %s is found', (name) => {
    expect(check([], [name])[0]).toContain(`${name} is not verbNoun`);
  });

  test('facts and requests pass', () => {
    expect(
      check(['job.completed', 'task.lost', 'retry_config.changed'], ['createJob', 'listErrorGroups', 'manualRecover']),
    ).toEqual([]);
  });
});
