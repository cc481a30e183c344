/** How a run goes. */
export interface BulkProgress {
  done: number;
  /** Left as they were: changed meanwhile, or retried before. */
  skipped: number;
  /** Refused, with the first reasons. */
  failed: number;
  reasons: string[];
  isOver: boolean;
}

export const nothingDone: BulkProgress = { done: 0, skipped: 0, failed: 0, reasons: [], isOver: false };

interface BulkWork<Item> {
  /** A page of items; null as the next cursor at the end. */
  next: (cursor: string | null) => Promise<{ items: readonly Item[]; cursor: string | null }>;
  isMeant: (item: Item) => boolean;
  carryOut: (item: Item) => Promise<void>;
  describe: (error: unknown) => string;
  onProgress: (progress: BulkProgress) => void;
  isStopped: () => boolean;
  /** Items of the run at most. */
  itemsMax: number;
  /** Items that are under way at once. */
  width: number;
}

const reasonsMax = 5;

/** Does something to one item after another, a few at once, and goes on where one is refused. */
export async function runBulk<Item>(work: BulkWork<Item>): Promise<BulkProgress> {
  let progress = nothingDone;
  const tell = (change: Partial<BulkProgress>): void => {
    progress = { ...progress, ...change };
    work.onProgress(progress);
  };
  const one = async (item: Item): Promise<void> => {
    if (!work.isMeant(item)) return tell({ skipped: progress.skipped + 1 });
    try {
      await work.carryOut(item);
      tell({ done: progress.done + 1 });
    } catch (error) {
      const reasons = [...new Set([...progress.reasons, work.describe(error)])].slice(0, reasonsMax);
      tell({ failed: progress.failed + 1, reasons });
    }
  };
  let cursor: string | null = null;
  let left = work.itemsMax;
  do {
    const page = await work.next(cursor);
    const items = page.items.slice(0, left);
    left -= items.length;
    for (let at = 0; at < items.length && !work.isStopped(); at += work.width) {
      await Promise.all(items.slice(at, at + work.width).map(one));
    }
    cursor = page.cursor;
  } while (cursor !== null && left > 0 && !work.isStopped());
  tell({ isOver: true });
  return progress;
}
