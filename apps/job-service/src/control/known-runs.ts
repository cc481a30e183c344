import type { JobHandle } from '../directory/job-handle.js';
import { ContentKeys } from './domain/content-keys.js';
import { Digests } from './domain/digests.js';
import type { RerunTable } from './domain/rerun-table.js';
import type { RunColumns } from './domain/run-columns.js';
import type { Definition } from './latest-definition.js';
import { placesIn } from './rerun-reader.js';
import { columnsOf, digestAt, digestOf, digestOfTask } from './run-reader.js';

type Params = Record<string, unknown>;

/** What tells by content which outputs a rerun may keep, still to be looked through. */
export async function contentKeysOf(
  job: JobHandle,
  table: RerunTable,
  runs: readonly JobHandle[],
  { run, lines }: Pick<Definition, 'run' | 'lines'>,
  params: Params | undefined,
): Promise<Generator<undefined, ContentKeys>> {
  const columns: RunColumns[] = [];
  for (const one of runs) columns.push(await columnsOf(one, table.size));
  const ofRun = (id: string): RunColumns => columns.find(({ jobId }) => jobId === id) as RunColumns;
  const own = ofRun(job.id);
  const defined = run ? ofRun(run.id) : own;
  const ofLines = lines?.map((line) => digestOfTask(line));
  const kept = (at: number): string => ofLines?.[at] ?? defined.givenAt(at);
  const laid = params && (lines ? digestsOf(lines, params) : await digestsWith(run ?? job, table.size, params));
  const toRun = (at: number): string => laid?.at(at) ?? kept(at);
  return ContentKeys.of(job.view().type, table, { runs: columns, own, kept, toRun }, digestOf);
}

/** The digests of the tasks of a job with params laid over each. */
async function digestsWith(job: JobHandle, total: number, params: Params): Promise<Digests> {
  const digests = new Digests(total);
  let at = 0;
  for await (const place of placesIn(job, total)) {
    digests.set(at, digestAt(place, params));
    at += 1;
  }
  return digests;
}

function digestsOf(lines: readonly string[], params: Params): Digests {
  const digests = new Digests(lines.length);
  for (const [at, line] of lines.entries()) digests.set(at, digestOfTask(line, params));
  return digests;
}
