import type { LogPart, LogRun } from '@kintsugi/contracts';

/** Where a block stands among those of its log: keys rise in the order of storing. */
export type BlockKey = string;

/** Lines of one log that were stored together, those of a run side by side. */
export interface BlockHead extends LogPart {
  key: BlockKey;
  /** The batch that it came in. */
  from: string;
}

export interface LogBlock extends BlockHead {
  /** Its lines as they travelled: packed where its head says so. */
  lines: Buffer;
}

/** What is kept of one log. */
export interface LogSize {
  /** Bytes of the texts, by job: the place of its task in a bundle, or '' for the job that has the log for itself. */
  textBytes: Record<string, number>;
  /** On disk. */
  storedBytes: number;
  lastAt: Date;
}

/** Whose text a run's is, as sizes are kept. */
export function jobKeyOf(part: Pick<LogPart, 'bundled'>, place: string): string {
  return part.bundled ? place.slice(place.indexOf('.') + 1) : '';
}

/** The job of a run. */
export function jobIdOfKey(log: string, jobKey: string): string {
  return jobKey === '' ? `job_${log}` : `job_${log}.${jobKey}`;
}

/** Bytes of the texts of a part, by job. */
export function textBytesOf(part: LogPart): Record<string, number> {
  const bytes: Record<string, number> = {};
  for (const [place, , , , text] of part.runs) {
    const key = jobKeyOf(part, place);
    bytes[key] = (bytes[key] ?? 0) + text;
  }
  return bytes;
}

/** A block with only the runs that are wanted; null where there is none of them. */
export function blockOf(block: LogBlock, isWanted: (run: LogRun) => boolean): LogBlock | null {
  const runs = block.runs.filter(isWanted);
  if (runs.length === block.runs.length) return block;
  if (runs.length === 0) return null;
  let at = 0;
  const kept: Buffer[] = [];
  for (const run of block.runs) {
    if (isWanted(run)) kept.push(block.lines.subarray(at, at + run[3]));
    at += run[3];
  }
  return { ...block, runs, lines: Buffer.concat(kept) };
}
