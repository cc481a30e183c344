import type { StoredErrorRecord } from '../records/domain/error-record.js';
import type { ErrorRecords, RecordChange } from '../records/error-records.js';

/** Another writer has to come between reading and writing this many times before the group is left to a redelivery. */
const roundsMax = 5;

/**
 * Writes what follows from records as they stand on disk, anew for those that somebody else has changed in between.
 * Gives the ids of what was written.
 * @param plan gives the changes to the records that were found
 * @param onWritten told of each change once
 */
export async function writeRecords<Change extends RecordChange>(
  records: ErrorRecords,
  ids: readonly string[],
  plan: (found: ReadonlyMap<string, StoredErrorRecord>) => Change[],
  onWritten: (changes: readonly Change[]) => void,
): Promise<ReadonlySet<string>> {
  const written = new Set<string>();
  const note = (changes: readonly Change[]): void => {
    onWritten(changes);
    for (const { next } of changes) written.add(next._id);
  };
  let intended: Change[] = [];
  for (let round = 0; round < roundsMax; round += 1) {
    const found = await records.findMany(ids);
    note(intended.filter(({ next }) => isWritten(next, found.get(next._id))));
    intended = plan(found);
    if (await records.write(intended)) {
      note(intended);
      return written;
    }
  }
  throw new Error('The error records keep changing while failures are being recorded.');
}

/** Whether a record is the one that was to be written. Another writer's has the same version, but not for the same run. */
function isWritten(intended: StoredErrorRecord, found: StoredErrorRecord | undefined): boolean {
  return found?.version === intended.version && found.attempt === intended.attempt && found.resend_at === intended.resend_at;
}
