import type { Paint } from '../terminal/output.js';

/** The colour of a job's status. */
export function paintStatus(status: string, paint: Paint): (text: string) => string {
  switch (status) {
    case 'completed':
      return paint.green;
    case 'failed':
      return paint.red;
    case 'running':
    case 'recovering':
      return paint.cyan;
    default:
      return paint.yellow;
  }
}
