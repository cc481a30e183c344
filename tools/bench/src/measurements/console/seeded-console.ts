/** Of the large job, the last task. */
export const lastTaskId = 'the-last';

/** What the pages of a platform are measured with. */
export interface SeededConsole {
  /** Of very many tasks, of which few have failed; it has ended. */
  job: string;
  /** A cause of failures. */
  group: string;
  /** It runs for as long as the pages are looked at. */
  running: string;
}
