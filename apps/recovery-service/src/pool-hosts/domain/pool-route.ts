import type { ActionName } from '@kintsugi/contracts';

/** Whom a request about pools is for. */
export type PoolRoute =
  { kind: 'new'; pool: string } | { kind: 'pool'; pool: string } | { kind: 'slot'; slotId: string } | { kind: 'all' };

export interface PoolRequest {
  name?: string;
  pool?: string;
  slot_id?: string;
  host?: string;
}

export function routeOf(action: ActionName, { name, pool, slot_id: slotId }: PoolRequest): PoolRoute {
  if (slotId !== undefined) return { kind: 'slot', slotId };
  const named = name ?? pool;
  if (named === undefined) return { kind: 'all' };
  return { kind: action === 'createPool' ? 'new' : 'pool', pool: named };
}
