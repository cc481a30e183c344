import { z } from 'zod';
import type { Operation } from '../operation.js';
import {
  errorGroupListSchema,
  errorPageSchema,
  errorRecordSchema,
  getErrorSchema,
  listErrorGroupsSchema,
  listErrorsSchema,
  manualRecoverSchema,
  recoveryReceiptSchema,
} from './error-record.js';
import { analyzeErrorsSchema, failureAnalysisSchema } from './failure-analysis.js';
import {
  configureRetrySchema,
  diffRetryConfigSchema,
  getRetryConfigSchema,
  retryConfigDetailsSchema,
  retryConfigDiffSchema,
  retryConfigListSchema,
  retryConfigReceiptSchema,
  revertRetryReceiptSchema,
  revertRetrySchema,
  unsetRetryReceiptSchema,
  unsetRetrySchema,
} from './retry-config.js';
import { retryTrialSchema, testRetrySchema } from './retry-trial.js';

/** What recovery-service answers. */
export const recoveryOperations = {
  configureRetry: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'admin',
    tenancy: 'platform',
    about: 'Sets how failures of an error type are retried, from the next failure on.',
    request: configureRetrySchema,
    response: retryConfigReceiptSchema,
  },
  unsetRetry: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'admin',
    tenancy: 'platform',
    about: 'Takes back what was set for an error type, and says what holds for it from the next failure on.',
    request: unsetRetrySchema,
    response: unsetRetryReceiptSchema,
  },
  revertRetry: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'admin',
    tenancy: 'platform',
    about: 'Brings an earlier version of the policy of an error type back, the one before the newest unless another is named.',
    request: revertRetrySchema,
    response: revertRetryReceiptSchema,
  },
  testRetry: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'viewer',
    tenancy: 'records',
    about:
      'What would become of a recorded or a given error, step by step, by what holds or by a policy that is given. Changes nothing.',
    request: testRetrySchema,
    response: retryTrialSchema,
  },
  manualRecover: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'operator',
    tenancy: 'records',
    about: 'Reruns the task of an error record, or those of a whole group, with changed parameters if need be.',
    // A group may hold every task of the largest job.
    answerTimeoutMs: 300_000,
    request: manualRecoverSchema,
    response: recoveryReceiptSchema,
  },
  analyzeErrors: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'viewer',
    tenancy: 'records',
    about: 'What failed in a period, what became of it, how much retries helped and how long recoveries took.',
    // Every record of the period is read.
    answerTimeoutMs: 60_000,
    request: analyzeErrorsSchema,
    response: failureAnalysisSchema,
  },
  listErrors: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'Error records, newest first.',
    request: listErrorsSchema,
    response: errorPageSchema,
  },
  getError: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'One error record.',
    request: getErrorSchema,
    response: errorRecordSchema,
  },
  listErrorGroups: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'records',
    about: 'Error groups, largest first.',
    request: listErrorGroupsSchema,
    response: errorGroupListSchema,
  },
  listRetryConfigs: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'platform',
    about: 'The default policy and those set by error type.',
    request: z.strictObject({}),
    response: retryConfigListSchema,
  },
  getRetryConfig: {
    service: 'recovery',
    role: 'viewer',
    tenancy: 'platform',
    about: 'What holds for an error type, and how that was changed.',
    request: getRetryConfigSchema,
    response: retryConfigDetailsSchema,
  },
  diffRetryConfig: {
    service: 'recovery',
    endpoint: '/error-operations',
    role: 'viewer',
    tenancy: 'platform',
    about: 'What differs between two versions of the policy of an error type.',
    request: diffRetryConfigSchema,
    response: retryConfigDiffSchema,
  },
} as const satisfies Record<string, Operation>;
