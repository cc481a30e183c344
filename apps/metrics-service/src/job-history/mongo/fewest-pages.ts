import type { Collection } from 'mongodb';
import type { HistoryPage } from './history-page.js';
import type { JobSearch } from './job-search.js';

/** Keys up to which indexes are told apart, at about 2 us each. */
const comparedKeysMax = 2_000;

/**
 * The index that leaves the fewest pages to look through. The kind of a filter does not tell: one user may have asked for nearly
 * all jobs, and a status be rare.
 */
export async function fewestPages(pages: Collection<HistoryPage>, indexes: JobSearch['indexes']): Promise<string> {
  const [{ index: first }] = indexes;
  if (indexes.length === 1) return first;
  const counts = await Promise.all(
    indexes.map(({ index, bounds }) => pages.countDocuments(bounds, { hint: index, limit: comparedKeysMax })),
  );
  return indexes[counts.indexOf(Math.min(...counts))]?.index ?? first;
}
