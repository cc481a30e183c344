/** The tasks of a job whose failures are in groups. */
export abstract class GroupedTasks {
  /** Their ids. Refused where there are more than a rerun may name so. */
  abstract idsOf(jobId: string, groupIds: readonly string[]): Promise<ReadonlySet<string>>;
}
