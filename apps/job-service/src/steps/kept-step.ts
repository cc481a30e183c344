/** Where a step is kept. */
export type StepPlace = Pick<KeptStep, 'taskId' | 'sequence'>;

/** A step without what it returned, which may be large. */
export type StepHead = Omit<KeptStep, 'result'>;

/** What a step of a task returned, under which lease and when. */
export interface KeptStep {
  taskId: string;
  /** Its place among the steps of the task: a later lease may write there what an earlier one has written. */
  sequence: number;
  name: string;
  fence: number;
  attempt: number;
  /** Epoch milliseconds. */
  startedAt: number;
  tookUs: number;
  /** JSON text; empty where it returned nothing. */
  result: string;
}
