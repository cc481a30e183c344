import type { GroupDetails } from '@kintsugi/contracts';
import { countOrMore } from '../../display/domain/shortened.js';

type Such = 'waiting' | 'outcome_unknown' | 'jobs';

/** Whether a group may have such records: of very many only the newest are counted, and an older one may be such. */
export function mayHave({ records }: Pick<GroupDetails, 'records'>, such: Such): boolean {
  return records[such] > 0 || records.of_newest !== null;
}

/** How many it has, or at least has. */
export function countOf({ records }: Pick<GroupDetails, 'records'>, such: Such): string {
  return countOrMore(records[such], records.of_newest !== null);
}
