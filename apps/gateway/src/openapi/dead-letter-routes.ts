import { allDeadLettersPageSchema, deadLetterIdSchema } from '@kintsugi/contracts';
import { deadLettersQuerySchema } from '../dead-letters/http/dead-letters-query.js';
import { exampleDeadLetterId } from './dead-letter-examples.js';
import type { DocumentedRoute } from './documented-routes.js';

/** The routes by which dead letters are read. */
export const deadLetterRoutes: DocumentedRoute[] = [
  {
    method: 'get',
    path: '/v1/dead-letters',
    operationId: 'listDeadLetters',
    tag: 'platform',
    access: 'viewer',
    summary: 'Commands, events and messages to webhooks that could not be taken, newest first',
    query: deadLettersQuerySchema,
    answer: {
      kind: 'schema',
      description: 'A page of dead letters, and the services that could not be asked.',
      name: 'DeadLetterPage',
      of: allDeadLettersPageSchema,
    },
    problems: ['VALIDATION_FAILED', 'CURSOR_INVALID'],
  },
  {
    method: 'get',
    path: '/v1/dead-letters/{id}',
    operationId: 'getDeadLetter',
    tag: 'platform',
    access: 'viewer',
    summary: 'A dead letter, with what it says',
    id: { schema: deadLetterIdSchema, example: exampleDeadLetterId },
    answer: { kind: 'json', description: 'The dead letter.', of: 'getJobDeadLetter' },
    problems: ['VALIDATION_FAILED', 'DEAD_LETTER_NOT_FOUND'],
  },
];
