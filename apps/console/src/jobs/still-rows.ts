import type { BatchJob } from '@kintsugi/contracts';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { heldRows } from './domain/held-rows.js';

const freshMs = 4_000;

/** Rows that stay where they are while the pointer is over them; what is new waits, and what is shown is kept up to date. */
export function useStill(jobs: readonly BatchJob[]) {
  const [held, keep] = useState<readonly BatchJob[] | null>(null);
  const known = useRef<Set<string> | null>(null);
  const [fresh, freshen] = useState<ReadonlySet<string>>(new Set());
  const { rows, waiting } = useMemo(() => heldRows(held, jobs), [held, jobs]);
  useEffect(() => {
    const ids = rows.map(({ id }) => id);
    const added = known.current ? ids.filter((id) => !known.current?.has(id)) : [];
    known.current = new Set(ids);
    if (added.length === 0 || added.length === ids.length) return undefined;
    freshen(new Set(added));
    const timer = setTimeout(() => freshen(new Set()), freshMs);
    return () => clearTimeout(timer);
  }, [rows]);
  const hold = useCallback(() => keep(rows), [rows]);
  const release = useCallback(() => keep(null), []);
  return { rows, waiting, hold, release, fresh };
}
