import type { Filter } from 'mongodb';

/** A place in a list that is in order of time, newest first, and of one moment in the order of ids. */
export interface ListPlace {
  since: Date;
  /** Null: nothing of that moment stands behind it. */
  id: string | null;
}

/** What stands behind a place. The bound on the time alone is what an index is searched by. */
export function behindOf<Document extends { _id: string }>(
  timeField: keyof Document & string,
  place: ListPlace,
): Filter<Document> {
  const { since, id } = place;
  const older = { [timeField]: { $lt: since } };
  const behind = id === null ? [older] : [older, { [timeField]: since, _id: { $gt: id } }];
  return { [timeField]: { $lte: since }, $or: behind } as Filter<Document>;
}
