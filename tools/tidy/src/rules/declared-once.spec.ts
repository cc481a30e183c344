import { describe, expect, test } from '@jest/globals';
import { eventType, subjects } from '@kintsugi/contracts';
import { reportOf, type Rule } from '../rule.js';
import { treeOf } from '../tree.js';
import { declaredAtAll, declaredOnce } from './declared-once.js';

const path = 'apps/gateway/src/jobs/http/jobs.controller.ts';
const check = (rule: Rule, text: string, at = path) => reportOf(rule, treeOf({ [at]: text }));

describe('spelled in the contracts only', () => {
  test.each([
    ['a subject', `bus.publish('${subjects.command('createJob')}', body);`],
    ['a subject in a template', `bus.publish(\`${subjects.request('job', 'getJob')}\${action}\`, body);`],
    ['a stream', `manager.streams.info("EVENTS");`],
    ['an event type', `if (type === '${eventType('job.completed')}') count += 1;`],
  ])('%s in an app is found', (_, text) => {
    expect(check(declaredOnce, `\n${text}`)[0]).toContain(`${path}:2`);
  });

  test('in the contracts and in tests it is at home', () => {
    const text = `const all = '${subjects.allEvents}';`;
    expect(check(declaredOnce, text, 'libs/shared/contracts/src/subjects.ts')).toEqual([]);
    expect(check(declaredOnce, text, 'tests/system/job-completes.sys-spec.ts')).toEqual([]);
  });

  test('an event name is a typed reference and passes', () => {
    expect(check(declaredOnce, `publish({ name: 'job.completed' });`)).toEqual([]);
  });
});

describe('declared at all', () => {
  test.each([
    ["throw new ProblemError('JOB_MISLAID', 'It is gone.');", 'JOB_MISLAID'],
    ["metrics.count('kintsugi_jobs_mislaid_total');", 'kintsugi_jobs_mislaid_total'],
  ])('%s is found', (text, name) => {
    expect(check(declaredAtAll, text)).toEqual([`${path}:1 ${name} is in no catalogue`]);
  });

  test('names of the catalogues pass', () => {
    expect(check(declaredAtAll, "throw new ProblemError('JOB_NOT_FOUND', ''); count('kintsugi_jobs_accepted_total');")).toEqual(
      [],
    );
  });
});
