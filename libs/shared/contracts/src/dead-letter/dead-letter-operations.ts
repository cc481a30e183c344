import type { Operation } from '../operation.js';
import {
  deadLetterDetailsSchema,
  deadLetterPageSchema,
  deadLetterRequestSchema,
  discardedDeadLetterSchema,
  listDeadLettersSchema,
  replayedDeadLetterSchema,
} from './dead-letter.js';

const list = { role: 'viewer', tenancy: 'records', request: listDeadLettersSchema, response: deadLetterPageSchema } as const;
const get = { role: 'viewer', tenancy: 'records', request: deadLetterRequestSchema, response: deadLetterDetailsSchema } as const;
const change = { endpoint: '/job-operations', role: 'operator', tenancy: 'records', request: deadLetterRequestSchema } as const;
const replay = { ...change, answerTimeoutMs: 60_000, response: replayedDeadLetterSchema } as const;
const discard = { ...change, response: discardedDeadLetterSchema } as const;

/** What can be asked of the dead letters of each service. */
export const deadLetterOperations = {
  listJobDeadLetters: { ...list, service: 'job', about: 'Commands that could not be carried out, newest first.' },
  listRecoveryDeadLetters: {
    ...list,
    service: 'recovery',
    about: 'Events that recovery-service could not take, newest first.',
  },
  listMetricsDeadLetters: {
    ...list,
    service: 'metrics',
    about: 'Events that metrics-service could not take, and messages that webhooks did not, newest first.',
  },
  getJobDeadLetter: { ...get, service: 'job', about: 'A command that could not be carried out, with what it says.' },
  getRecoveryDeadLetter: {
    ...get,
    service: 'recovery',
    about: 'An event that recovery-service could not take, with what it says.',
  },
  getMetricsDeadLetter: {
    ...get,
    service: 'metrics',
    about: 'An event that metrics-service could not take, or a message that a webhook did not, with what it says.',
  },
  replayJobDeadLetter: {
    ...replay,
    service: 'job',
    about: 'Carries out a command that could not be, once more. One that was carried out since is not again.',
  },
  replayRecoveryDeadLetter: {
    ...replay,
    service: 'recovery',
    about: 'Has recovery-service take an event that it could not, once more.',
  },
  replayMetricsDeadLetter: {
    ...replay,
    service: 'metrics',
    about: 'Has metrics-service take an event that it could not, or sends a webhook its message, once more.',
  },
  discardJobDeadLetter: { ...discard, service: 'job', about: 'Removes a dead letter of job-service for good.' },
  discardRecoveryDeadLetter: { ...discard, service: 'recovery', about: 'Removes a dead letter of recovery-service for good.' },
  discardMetricsDeadLetter: { ...discard, service: 'metrics', about: 'Removes a dead letter of metrics-service for good.' },
} as const satisfies Record<string, Operation>;
