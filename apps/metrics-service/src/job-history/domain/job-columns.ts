import { finishedJobStatuses, jobStatuses, type JobStatus } from '@kintsugi/contracts';
import type { JobFilter } from './job-history.js';
import { figureFields, fieldOf, figuresOf, type FigureField, type JobFigures } from './job-figures.js';
import type { JobRow } from './job-row.js';
import { LabelsPart, LabelsWriter, codesWith, type LabelsHead } from './label-columns.js';

/** Jobs of one part, and characters of the values that they have in their fields: a part must stay far below a document's 16 MB. */
const partJobsMax = 100_000;
const partTextMax = 2_000_000;

const unended = 255;
/** Bytes of one job: its creation, how it stands and ended, how long it took, its runs, and a value of each field. */
const widths = { created: 4, status: 1, outcome: 1, duration: 8, runs: 4, failedRuns: 4 } as const;
const bytesOfJob = Object.values(widths).reduce((sum, width) => sum + width, 0) + figureFields.length * widths.created;

interface PartHead {
  jobs: number;
  /** What the codes of states and outcomes say. */
  statuses: readonly JobStatus[];
  outcomes: typeof finishedJobStatuses;
  values: Record<FigureField, string[]>;
  /** Missing in parts from before labels were laid down, which then follow the columns. */
  labels?: LabelsHead;
}

interface Columns {
  created: Uint32Array;
  status: Uint8Array;
  outcome: Uint8Array;
  duration: Float64Array;
  runs: Uint32Array;
  failedRuns: Uint32Array;
  fields: Record<FigureField, Uint32Array>;
}

/** What texts are looked for in, beside labels and ids. */
const textFields = figureFields.filter((field) => field !== 'tenant');

/** Whether the figures of columns are all that a filter asks about. */
export function isInColumns({ text, label, error_types: errorTypes }: JobFilter): boolean {
  return text === undefined && label === undefined && errorTypes === undefined;
}

/** Lays jobs down column by column: what sums read of a million jobs is then a few arrays, and not a million documents. */
export class ColumnsWriter {
  private readonly figures: JobFigures[] = [];
  private readonly codes = emptyFields((): number[] => []);
  private readonly values = emptyFields(() => new Map<string, number>());
  private readonly labels = new LabelsWriter();
  private text = 0;

  /** @param hour epoch milliseconds in which all its jobs were made */
  constructor(private readonly hour: number) {}

  get isFull(): boolean {
    return this.figures.length >= partJobsMax || this.text + this.labels.text >= partTextMax || this.labels.isFull;
  }

  add(row: JobRow): void {
    this.labels.add(this.figures.length, row.head?.labels ?? {});
    this.figures.push(figuresOf(row));
    for (const field of figureFields) {
      const value = fieldOf(row, field);
      const known = this.values[field].get(value);
      if (known === undefined) {
        this.text += value.length;
        this.values[field].set(value, this.values[field].size);
      }
      this.codes[field].push(known ?? this.values[field].size - 1);
    }
  }

  /** The length of its head, the head as JSON, and the columns one after the other, those of the widest values first. */
  bytes(): Buffer {
    const { figures, hour } = this;
    const columns: Columns = {
      duration: Float64Array.from(figures, ({ duration_ms: duration }) => duration ?? NaN),
      created: Uint32Array.from(figures, ({ created_at: at }) => at - hour),
      runs: Uint32Array.from(figures, ({ runs }) => runs),
      failedRuns: Uint32Array.from(figures, ({ failed_runs: failed }) => failed),
      fields: emptyFields((field) => Uint32Array.from(this.codes[field])),
      status: Uint8Array.from(figures, ({ status }) => jobStatuses.indexOf(status)),
      outcome: Uint8Array.from(figures, ({ outcome }) => (outcome === null ? unended : finishedJobStatuses.indexOf(outcome))),
    };
    const head: PartHead = {
      ...{ jobs: figures.length, statuses: jobStatuses, outcomes: finishedJobStatuses },
      values: emptyFields((field) => [...this.values[field].keys()]),
      labels: this.labels.head(),
    };
    const headBytes = Buffer.from(JSON.stringify(head));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(headBytes.length);
    const { duration, created, runs, failedRuns, fields, status, outcome } = columns;
    const all = [duration, created, runs, failedRuns, ...figureFields.map((field) => fields[field]), status, outcome];
    // Who knows of no labels reads no further than the columns.
    return Buffer.concat([length, headBytes, ...all.map(({ buffer }) => Buffer.from(buffer)), this.labels.bytes()]);
  }
}

/** One part of an hour, as a ColumnsWriter has written it. */
export class ColumnsPart {
  private readonly head: PartHead;
  private readonly columns: Columns;
  private readonly labels: LabelsPart | null;

  /** @param hour epoch milliseconds in which its jobs were made */
  constructor(
    private readonly hour: number,
    bytes: Buffer,
  ) {
    const headEnd = 4 + bytes.readUInt32LE(0);
    this.head = JSON.parse(bytes.toString('utf8', 4, headEnd)) as PartHead;
    this.columns = columnsIn(bytes, headEnd, this.head.jobs);
    const { labels } = this.head;
    this.labels = labels ? new LabelsPart(labels, bytes.subarray(headEnd + bytesOfJob * this.head.jobs)) : null;
  }

  /**
   * When jobs were made that have a text, in lower case, in one of their fields or a label, in epoch milliseconds; null where it is not
   * known, as labels were not laid down.
   */
  madeWith(text: string): ReadonlySet<number> | null {
    if (this.labels === null) return null;
    const { created, fields } = this.columns;
    const made = new Set<number>();
    const add = (at: number): void => void made.add(this.hour + (created[at] as number));
    for (const field of textFields) {
      const codes = codesWith(this.head.values[field], text);
      if (codes.size > 0) fields[field].forEach((code, at) => codes.has(code) && add(at));
    }
    this.labels.each(text, add);
    return made;
  }

  /** Tells each job that a filter leaves, with its value of the field. What is told holds until the next is. */
  each(filter: JobFilter, field: FigureField | undefined, tell: (job: JobFigures, value: string | undefined) => void): void {
    const wanted = this.wantedValues(filter);
    if (wanted === null) return;
    const { created, status, outcome, duration, runs, failedRuns, fields } = this.columns;
    const { jobs, statuses, outcomes, values } = this.head;
    const asked = filter.status && filter.status.length > 0 ? new Set(filter.status) : null;
    const from = filter.created_after?.getTime() ?? 0;
    const before = filter.created_before?.getTime() ?? Infinity;
    const { min = 0, max = Infinity } = filter.duration_ms ?? {};
    const job = { failed_runs: 0 } as JobFigures;
    for (let at = 0; at < jobs; at += 1) {
      job.created_at = this.hour + (created[at] as number);
      if (job.created_at < from || job.created_at >= before) continue;
      if (wanted.some(([column, code]) => column[at] !== code)) continue;
      job.status = statuses[status[at] as number] as JobStatus;
      if (asked && !asked.has(job.status)) continue;
      const took = duration[at] as number;
      if (filter.duration_ms && !(took >= min && took <= max)) continue;
      job.duration_ms = Number.isNaN(took) ? null : took;
      job.outcome = outcomes[outcome[at] as number] ?? null;
      job.runs = runs[at] as number;
      job.failed_runs = failedRuns[at] as number;
      tell(job, field && values[field][fields[field][at] as number]);
    }
  }

  /** Columns with the code that they must have; null where no job of this part can have it. */
  private wantedValues(filter: JobFilter): [Uint32Array, number][] | null {
    const wanted: [Uint32Array, number][] = [];
    for (const field of figureFields) {
      const value = filter[field];
      if (value === undefined) continue;
      const code = this.head.values[field].indexOf(value);
      if (code < 0) return null;
      wanted.push([this.columns.fields[field], code]);
    }
    return wanted;
  }
}

function columnsIn(bytes: Buffer, start: number, jobs: number): Columns {
  // An array of wide values has to begin at a multiple of their width.
  const aligned = new Uint8Array(bytes.subarray(start)).buffer;
  let at = 0;
  const place = (width: number): [ArrayBuffer, number, number] => {
    const from = at;
    at += width * jobs;
    return [aligned, from, jobs];
  };
  return {
    duration: new Float64Array(...place(widths.duration)),
    created: new Uint32Array(...place(widths.created)),
    runs: new Uint32Array(...place(widths.runs)),
    failedRuns: new Uint32Array(...place(widths.failedRuns)),
    fields: emptyFields(() => new Uint32Array(...place(widths.created))),
    status: new Uint8Array(...place(widths.status)),
    outcome: new Uint8Array(...place(widths.outcome)),
  };
}

function emptyFields<Value>(make: (field: FigureField) => Value): Record<FigureField, Value> {
  return Object.fromEntries(figureFields.map((field) => [field, make(field)])) as Record<FigureField, Value>;
}
