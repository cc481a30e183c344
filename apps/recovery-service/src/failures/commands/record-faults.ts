import { Injectable } from '@nestjs/common';
import { DEFAULT_TENANT, errorRecordIdOfFault, type JobFault } from '@kintsugi/contracts';
import { Metrics } from '@kintsugi/observability';
import { NoteFailures } from '../../groups/commands/note-failures.js';
import { GroupAssigner, type AssignedGroup } from '../../groups/group-assigner.js';
import { classify } from '../../policies/domain/failure-rules.js';
import { CancelledJobs } from '../../records/cancelled-jobs.js';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';
import { ErrorRecords, type RecordChange } from '../../records/error-records.js';
import { phaseAfter } from '../../records/domain/record-lifecycle.js';
import { writeRecords } from '../write-records.js';

/** Records the errors of jobs that somebody else runs. They are classified and grouped like any other; to try again is not ours. */
@Injectable()
export class RecordFaults {
  constructor(
    private readonly records: ErrorRecords,
    private readonly assigner: GroupAssigner,
    private readonly noteFailures: NoteFailures,
    private readonly cancelledJobs: CancelledJobs,
    private readonly metrics: Metrics,
  ) {}

  async execute(told: readonly JobFault[]): Promise<void> {
    const ended = await this.cancelledJobs.among(told.map(({ job_id }) => job_id));
    const faults = told.filter(({ job_id }) => ended.get(job_id) !== 'deleted');
    const newest = new Map(faults.map((fault) => [errorRecordIdOfFault(fault.job_id, fault.fault), fault]));
    const groups = await this.assigner.assign([...newest.values()]);
    let current: StoredErrorRecord[] = [];
    const plan = (found: ReadonlyMap<string, StoredErrorRecord>): RecordChange[] => {
      const changes: RecordChange[] = [];
      for (const [id, fault] of newest) {
        const previous = found.get(id) ?? null;
        const group = groups.get(fault);
        if (group && (!previous || previous.attempt < fault.fault)) {
          changes.push({ previous, next: recordOf(id, fault, group, previous) });
        }
      }
      current = [...new Map([...found, ...changes.map(({ next }) => [next._id, next] as const)]).values()];
      return changes;
    };
    const written = await writeRecords(this.records, [...newest.keys()], plan, (changes) => {
      for (const { next } of changes) this.metrics.count('kintsugi_failures_total', { error_type: next.error_type });
    });
    await this.noteFailures.execute(
      current.filter(({ _id }) => written.has(_id)),
      current.filter(({ _id }) => !written.has(_id)),
    );
  }
}

function recordOf(
  id: string,
  fault: JobFault,
  { group_id, group_title }: AssignedGroup,
  previous: StoredErrorRecord | null,
): StoredErrorRecord {
  const { job_id, job_type, tenant, error_type, error_message, stack_trace, failed_at } = fault;
  const { class: kind, because } = classify(error_type, false);
  return {
    ...{ _id: id, job_id, task_id: '', job_type, error_type, error_message, timestamp: failed_at },
    ...(tenant === DEFAULT_TENANT ? {} : { tenant }),
    ...(stack_trace === undefined ? {} : { stack_trace }),
    ...{ group_id, group_title },
    ...phaseAfter('report'),
    retry_count: 0,
    recovery_attempts: [],
    failed_runs: [{ attempt: fault.fault, failed_at, error_type, retry_delay_ms: null, group_id }],
    decision: [`class: ${error_type} is ${kind}: ${because}`, 'executor: external, so its producer decides whether to try again'],
    ...{ next_retry_at: null, attempt: fault.fault, failures: fault.fault, forgiven_failures: 0 },
    ...{ resend_at: null, resends: 0, manual_recovery_id: null },
    // Nobody here can act on it.
    closed_at: new Date(failed_at),
    version: (previous?.version ?? 0) + 1,
  };
}
