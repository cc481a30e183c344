import { describe, expect, test } from '@jest/globals';
import { reportOf } from '../rule.js';
import { treeOf } from '../tree.js';
import { catalogueUsed } from './catalogues-used.js';

const rule = catalogueUsed('events are emitted', [{ name: 'job.mislaid', files: 'apps/job-service/src/**/*.ts' }]);
const check = (path: string, text: string) => reportOf(rule, treeOf({ [path]: text }));

describe('catalogues are used', () => {
  test('an event that nobody emits is found', () => {
    expect(check('apps/job-service/src/main.ts', 'run();')).toEqual(['apps/job-service/src/**/*.ts does not name job.mislaid']);
  });

  test('one that only a test, another app or a catalogue names is found too', () => {
    expect(check('apps/job-service/src/main.spec.ts', "'job.mislaid';")).toHaveLength(1);
    expect(check('apps/gateway/src/main.ts', "'job.mislaid';")).toHaveLength(1);
    expect(check('apps/job-service/src/event-catalogue.ts', "'job.mislaid';")).toHaveLength(1);
  });

  test('one that its source names passes', () => {
    expect(check('apps/job-service/src/jobs/mislay.ts', "emit('job.mislaid');")).toEqual([]);
  });

  test('a handler is found by its name as well', () => {
    const handlers = catalogueUsed('commands are handled', [{ name: 'mislayJob', files: 'apps/job-service/src/**/nats/*.ts' }]);
    const tree = treeOf({
      'apps/job-service/src/jobs/nats/commands.consumer.ts': 'const handlers = { mislayJob: () => undefined };',
    });
    expect(reportOf(handlers, tree)).toEqual([]);
  });
});
