import { isMeasuredIn } from '../domain/systems.js';
import { submitBulk } from './bulk.js';
import type { Contender } from './contender.js';
import { measureHttp } from './http.js';
import { submitSingles } from './single.js';

/** Runs that no figure is taken of, as large as those that follow: code is compiled, connections and heaps are warm afterwards. */
export async function warmUp(
  contender: Contender,
  { bulkTasks, singleJobs, httpJobs }: { bulkTasks: number; singleJobs: number; httpJobs: number },
): Promise<void> {
  const { name } = contender.system;
  if (isMeasuredIn(name, 'bulk')) await submitBulk(contender, bulkTasks);
  if (isMeasuredIn(name, 'single')) await submitSingles(contender, singleJobs);
  if (isMeasuredIn(name, 'http')) await measureHttp(contender, httpJobs);
}
