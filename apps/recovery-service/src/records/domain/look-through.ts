/** What was found, and where the looking ended before there was enough of it; null where nothing is left to be looked at, or enough was found. */
export interface Looked<Found, Place> {
  found: Found[];
  reached: Place | null;
}

/** Records in an order, of which some match. */
export interface Looking<Found, Place> {
  /** The place of the record that is so many behind another; null where there are not as many, up to the end where one is given. */
  edge(from: Place | null, records: number, end?: Place | null): Promise<Place | null>;
  /** Those that match behind one place, up to another with that, or to the end. */
  matches(from: Place | null, to: Place | null, limit: number): Promise<Found[]>;
  /** Since it began. */
  spentMs(): number;
}

/** A first step that finds enough is cheap, and the longest takes no longer than what is left of an answer's time. */
export const recordsFirst = 500;
export const recordsMax = 2_000;
export const lookMsMax = 75;

/** Looks step by step for what no index leads to, for a while: an answer that says how far it has looked is better than none. */
export async function lookThrough<Found, Place>(
  looking: Looking<Found, Place>,
  start: Place | null,
  limit: number,
): Promise<Looked<Found, Place>> {
  const found: Found[] = [];
  let from = start;
  for (let records = recordsFirst; ; records = Math.min(recordsMax, records * 2)) {
    const edge = await looking.edge(from, records);
    found.push(...(await looking.matches(from, edge, limit - found.length)));
    if (edge === null || found.length >= limit) return { found, reached: null };
    if (looking.spentMs() >= lookMsMax) return { found, reached: edge };
    from = edge;
  }
}
