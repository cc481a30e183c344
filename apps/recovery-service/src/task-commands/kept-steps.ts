/** The steps of tasks that job-service keeps. */
export abstract class KeptSteps {
  /** The names of those of a task, in their order. */
  abstract namesOf(jobId: string, taskId: string): Promise<string[]>;
}
