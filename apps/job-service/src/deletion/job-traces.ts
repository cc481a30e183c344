/** What is kept of jobs beside their records and tasks. */
export abstract class JobTraces {
  /** From here on no key of these jobs makes a job, though what it has made is gone. */
  abstract closeKeys(jobIds: readonly string[]): Promise<void>;
  /** A job stays after all: its keys answer with it again. */
  abstract openKeys(jobIds: readonly string[]): Promise<void>;
  /** Removes who has asked for what, messages about them that could not be handled, and what was told of their wedges. */
  abstract remove(jobIds: readonly string[]): Promise<void>;
}

/** The services that know of jobs by what job-service has told them. */
export abstract class OtherServices {
  /** Resolves once none of them has anything of these jobs any more. */
  abstract forget(jobIds: readonly string[]): Promise<void>;
}
