import { Injectable } from '@nestjs/common';
import {
  ProblemError,
  dependenciesOf,
  isFinished,
  type BatchJob,
  type DependencyFailureRule,
  type GivenDependencies,
  type JobDependency,
} from '@kintsugi/contracts';
import { untilReachable } from '@kintsugi/persistence';
import { awaitsOf, endOf, metBy } from '../jobs/domain/awaits-of-job.js';
import { Deletions } from '../jobs/deletions.js';
import { JobRecords } from '../jobs/job-records.js';
import { JobWaits, type JobStanding } from '../jobs/job-waits.js';

/** What goes before a new job. */
export interface Dependencies {
  depends_on: readonly JobDependency[];
  /** What of it has not ended well yet; the job may begin at once where that is nothing. */
  awaits: readonly string[];
}

interface Dependent {
  jobId: string;
  tenant: string;
  rule: DependencyFailureRule | undefined;
}

/**
 * Says what a new job has to wait for. Only jobs that are there can be waited for, so that no job ever waits for itself by way of others:
 * whatever there is was accepted before it.
 */
@Injectable()
export class CheckDependencies {
  constructor(
    private readonly waits: JobWaits,
    private readonly deletions: Deletions,
    private readonly jobs: JobRecords,
  ) {}

  /** Throws DEPENDENCY_INVALID where one of the jobs is not there for its tenant; undefined where none is given. */
  async of(given: GivenDependencies | undefined, dependent: Dependent): Promise<Dependencies | undefined> {
    const dependencies = dependenciesOf(given);
    if (dependencies.length === 0) return undefined;
    refuseRepeated(dependencies, dependent.jobId);
    const standings = await this.standingsOf(dependencies);
    for (const [at, { job_id: jobId }] of dependencies.entries()) {
      const standing = standings.get(jobId);
      if (standing?.tenant === dependent.tenant && standing.status !== 'deleting') continue;
      const isOwn = standing === undefined || standing.tenant === dependent.tenant;
      const wasDeleted = isOwn && (await untilReachable(() => this.deletions.has(jobId)));
      const allowed = wasDeleted ? 'a job that was not deleted' : 'the id of a job that was accepted';
      throw refusal(at, wasDeleted ? 'DELETED' : 'UNKNOWN', jobId, allowed);
    }
    return { depends_on: dependencies, awaits: stillAwaited(dependencies, standings, dependent.rule) };
  }

  /**
   * What a run of a job again waits for: whatever of it is under way by then, as itself or as its newest retry. A person wants the run:
   * what has ended, however it did, is waited for no longer.
   */
  async ofRun({ depends_on: dependencies = [], on_dependency_failure: rule }: BatchJob): Promise<Dependencies | undefined> {
    const standings = await this.standingsOf(dependencies);
    const underWay: JobDependency[] = [];
    for (const { job_id: jobId, on } of dependencies) {
      if (isUnderWay(standings.get(jobId))) {
        underWay.push({ job_id: jobId, on });
        continue;
      }
      const newest = (await untilReachable(() => this.jobs.retriesOf(jobId))).at(-1);
      if (newest === undefined || underWay.some(({ job_id }) => job_id === newest)) continue;
      const standing = (await untilReachable(() => this.waits.standings([newest]))).get(newest);
      if (isUnderWay(standing)) underWay.push({ job_id: newest, on });
    }
    return underWay.length === 0 ? undefined : { depends_on: underWay, awaits: awaitsOf(underWay, rule) };
  }

  /** How the jobs stand that a new one would wait for, for a preview. */
  private async standingsOf(dependencies: readonly JobDependency[]): Promise<Map<string, JobStanding>> {
    if (dependencies.length === 0) return new Map();
    return untilReachable(() => this.waits.standings(dependencies.map(({ job_id }) => job_id)));
  }
}

function isUnderWay(standing: JobStanding | undefined): boolean {
  return standing !== undefined && !isFinished(standing.status) && standing.status !== 'deleting';
}

/** What has ended well is not waited for; what has not is decided once the job is there, as if it ended then. */
function stillAwaited(
  dependencies: readonly JobDependency[],
  standings: ReadonlyMap<string, JobStanding>,
  rule: DependencyFailureRule | undefined,
): string[] {
  const met = new Set(
    dependencies.flatMap(({ job_id: jobId }) => {
      const end = endOf(jobId, standings.get(jobId)?.status);
      return end ? metBy(end) : [];
    }),
  );
  return awaitsOf(dependencies, rule).filter((awaited) => !met.has(awaited));
}

function refuseRepeated(dependencies: readonly JobDependency[], ownId: string): void {
  const seen = new Set<string>();
  for (const [at, { job_id: jobId }] of dependencies.entries()) {
    if (jobId === ownId) throw refusal(at, 'SELF_REFERENCE', jobId, 'ids of other jobs');
    if (seen.has(jobId)) throw refusal(at, 'REPEATED', jobId, 'each job once');
    seen.add(jobId);
  }
}

function refusal(at: number, rule: string, got: string, allowed: string): ProblemError {
  const path = `data.depends_on[${at}]`;
  return new ProblemError('DEPENDENCY_INVALID', `${path}: ${rule}, got ${got}, allowed: ${allowed}. Nothing was accepted.`, {
    errors: [{ path, rule, got, allowed }],
  });
}
