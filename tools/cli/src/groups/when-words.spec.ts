import { expect, test } from '@jest/globals';
import { operations } from '@kintsugi/contracts';
import { recoveryConditionOf } from './when-words.js';

const jobId = 'job_0198c0de-1234-7abc-8def-0123456789ab';

test.each([
  ['approval', { kind: 'approval', role: 'admin' }],
  ['approval operator', { kind: 'approval', role: 'operator' }],
  ['dependency smtp.*', { kind: 'dependency', error_type: 'smtp.*', quiet_seconds: 300 }],
  ['dependency smtp.* 60', { kind: 'dependency', error_type: 'smtp.*', quiet_seconds: 60 }],
  [`job ${jobId}`, { kind: 'job', job_id: jobId, status: 'completed' }],
  [`job ${jobId} ended`, { kind: 'job', job_id: jobId, status: 'ended' }],
  ['window 22:00-06:00', { kind: 'window', from: '22:00', to: '06:00', time_zone: 'UTC' }],
  [' window  22:00-06:00  Europe/Berlin', { kind: 'window', from: '22:00', to: '06:00', time_zone: 'Europe/Berlin' }],
])('%s is what a recovery waits for', (text, expected) => {
  const { when } = operations.recoverGroup.request.parse({
    group_id: `grp_${'0'.repeat(32)}`,
    when: [recoveryConditionOf(text)],
  });
  expect(when).toEqual([expected]);
});

test.each(['', 'soon', 'job', 'window 22', 'window 22:00', 'dependency smtp.* soon', 'approval admin now', 'job a b c'])(
  '%j is refused with what there is',
  (text) => {
    expect(() => recoveryConditionOf(text)).toThrow('approval [ROLE]; dependency TYPE [SECONDS]');
  },
);
