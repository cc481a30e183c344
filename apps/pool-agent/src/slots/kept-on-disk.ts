import { ProblemError } from '@kintsugi/contracts';
import { kindOfError } from '../git/domain/git-failure.js';

/** Writes a record. One that this host can't keep is no fault of the program, and whoever asked can do something about it. */
export async function keptOnDisk(root: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (kindOfError(error) !== 'environment') throw error;
    const { code } = error as NodeJS.ErrnoException;
    const detail = `The records of the pools in ${root} can't be written (${code}): what was asked for is not kept. Make room or give the agent its rights back there, then ask again.`;
    throw new ProblemError('DISK_UNAVAILABLE', detail, { retry_after: 30 });
  }
}
