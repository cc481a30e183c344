import { isFinished, type JobStatus, type JobWait } from '@kintsugi/contracts';
import { blank } from './wait-words.js';

/** What every job waits for while the database does not answer. It goes before all that is waited for beside it. */
export function waitOfStore(answers: boolean, status: JobStatus): JobWait[] {
  if (answers || isFinished(status)) return [];
  return [
    {
      ...blank('STORE_AWAY', null),
      what: 'MongoDB does not answer job-service: no task is given out, and no end is noted, until it does. Nothing that was accepted is lost.',
      holder: 'MongoDB',
      do: 'Bring MongoDB back; ./kintsugi health shows what else does not answer.',
    },
  ];
}
