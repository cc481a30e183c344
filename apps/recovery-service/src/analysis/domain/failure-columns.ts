import { DEFAULT_TENANT, recoveryStatuses } from '@kintsugi/contracts';
import type { StoredErrorRecord } from '../../records/domain/error-record.js';

/** What an analysis looks at of the record of a failed task. */
export type AnalysedRecord = Pick<
  StoredErrorRecord,
  | 'tenant'
  | 'job_id'
  | 'job_type'
  | 'error_type'
  | 'timestamp'
  | 'recovery_status'
  | 'phase'
  | 'retry_count'
  | 'failed_runs'
  | 'group_id'
  | 'closed_at'
>;

const nameKinds = ['tenants', 'jobs', 'job_types', 'error_types', 'groups'] as const;

type NameKind = (typeof nameKinds)[number];

/** Of each task one number a column: times in epoch milliseconds, names by where they stand among those of the columns. */
const taskTimes = ['at', 'closed_at'] as const;
const taskNumbers = ['tenant', 'job', 'job_type', 'error_type', 'group', 'status', 'reported', 'retries', 'runs'] as const;
/** Of each run that failed, task by task. A wait that there was none of, or a time that has not come, is no number. */
const runTimes = ['failed_at', 'delay_ms'] as const;
const runNumbers = ['attempt'] as const;

const numbersPerTask = taskTimes.length + taskNumbers.length;
const numbersPerRun = runTimes.length + runNumbers.length;

type Times = Record<(typeof taskTimes)[number] | (typeof runTimes)[number], Float64Array>;
type Numbers = Record<(typeof taskNumbers)[number] | (typeof runNumbers)[number], Uint32Array>;

/** What analyses look at of many failed tasks, in columns: a million of them are read and summed up in a second. */
export interface FailureColumns extends Times, Numbers {
  names: Record<NameKind, string[]>;
}

interface Header {
  names: FailureColumns['names'];
  tasks: number;
  runs: number;
}

export class ColumnsBuilder {
  private readonly names = Object.fromEntries(nameKinds.map((kind) => [kind, new Map<string, number>()])) as Record<
    NameKind,
    Map<string, number>
  >;
  private readonly columns = Object.fromEntries(
    [...taskTimes, ...taskNumbers, ...runTimes, ...runNumbers].map((name) => [name, [] as number[]]),
  ) as Record<keyof Times | keyof Numbers, number[]>;

  get size(): number {
    return this.columns.at.length;
  }

  /** How many numbers it holds: a task may have many runs that failed. */
  get numbers(): number {
    return this.size * numbersPerTask + this.columns.attempt.length * numbersPerRun;
  }

  add(task: AnalysedRecord): void {
    const { columns } = this;
    columns.at.push(Date.parse(task.timestamp));
    columns.closed_at.push(task.closed_at?.getTime() ?? NaN);
    columns.tenant.push(this.nameOf('tenants', task.tenant ?? DEFAULT_TENANT));
    columns.job.push(this.nameOf('jobs', task.job_id));
    columns.job_type.push(this.nameOf('job_types', task.job_type));
    columns.error_type.push(this.nameOf('error_types', task.error_type));
    columns.group.push(this.nameOf('groups', task.group_id));
    columns.status.push(recoveryStatuses.indexOf(task.recovery_status));
    columns.reported.push(task.phase === 'reported' ? 1 : 0);
    columns.retries.push(task.retry_count);
    columns.runs.push(task.failed_runs.length);
    for (const { attempt, failed_at, retry_delay_ms: delayMs } of task.failed_runs) {
      columns.attempt.push(attempt);
      columns.failed_at.push(Date.parse(failed_at));
      columns.delay_ms.push(delayMs ?? NaN);
    }
  }

  build(): FailureColumns {
    const times = [...taskTimes, ...runTimes].map((name) => [name, Float64Array.from(this.columns[name])]);
    const numbers = [...taskNumbers, ...runNumbers].map((name) => [name, Uint32Array.from(this.columns[name])]);
    const names = nameKinds.map((kind) => [kind, [...this.names[kind].keys()]]);
    return {
      ...(Object.fromEntries(times) as Times),
      ...(Object.fromEntries(numbers) as Numbers),
      names: Object.fromEntries(names) as FailureColumns['names'],
    };
  }

  private nameOf(kind: NameKind, name: string): number {
    const known = this.names[kind].get(name);
    if (known !== undefined) return known;
    const index = this.names[kind].size;
    this.names[kind].set(name, index);
    return index;
  }
}

/** Numbers of eight bytes go first, so that each begins where it may. */
const alignment = 8;

function layoutOf({ tasks, runs }: Pick<Header, 'tasks' | 'runs'>) {
  return [
    ...taskTimes.map((name) => ({ name, length: tasks, type: Float64Array })),
    ...runTimes.map((name) => ({ name, length: runs, type: Float64Array })),
    ...taskNumbers.map((name) => ({ name, length: tasks, type: Uint32Array })),
    ...runNumbers.map((name) => ({ name, length: runs, type: Uint32Array })),
  ];
}

export function toBytes(columns: FailureColumns): Buffer {
  const header: Header = { names: columns.names, tasks: columns.at.length, runs: columns.attempt.length };
  const text = JSON.stringify(header);
  const bytes = Buffer.byteLength(text);
  const head = Buffer.alloc(Math.ceil((4 + bytes) / alignment) * alignment, ' ');
  head.writeUInt32LE(head.length - 4);
  head.write(text, 4);
  return Buffer.concat([
    head,
    ...layoutOf(header).map(({ name }) => {
      const { buffer, byteOffset, byteLength } = columns[name];
      return Buffer.from(buffer, byteOffset, byteLength);
    }),
  ]);
}

export function fromBytes(bytes: Buffer): FailureColumns {
  const textLength = bytes.readUInt32LE();
  const { names, ...header } = JSON.parse(bytes.toString('utf8', 4, 4 + textLength)) as Header;
  // A copy where the bytes do not begin where numbers may.
  const { buffer, byteOffset } = bytes.byteOffset % alignment === 0 ? bytes : new Uint8Array(bytes);
  let at = byteOffset + 4 + textLength;
  const columns = layoutOf(header).map(({ name, length, type: Type }) => {
    const column = new Type(buffer as ArrayBuffer, at, length);
    at += column.byteLength;
    return [name, column];
  });
  return { names, ...(Object.fromEntries(columns) as Times & Numbers) };
}
