import { submitBulk } from './bulk.js';
import type { Contender } from './contender.js';
import { submitSingles } from './single.js';

/** Runs that no figure is taken of, as large as those that follow: code is compiled, connections and heaps are warm afterwards. */
export async function warmUp(
  contender: Contender,
  { bulkTasks, singleJobs }: { bulkTasks: number; singleJobs: number },
): Promise<void> {
  await submitBulk(contender, bulkTasks);
  await submitSingles(contender, singleJobs);
}
