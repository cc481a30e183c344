/** What the lock of a slot says of who took it. */
export interface SlotLock {
  slot_id: string;
  owner: string;
  host: string;
  token: number;
  acquired_at: string;
  heartbeat_at: string;
  lease_s: number | null;
  process: { boot_id: string; pid: number; pid_start: string } | null;
}

/** What can be seen of the process that a lock names. */
export interface ProcessSight {
  host: string;
  boot_id: string;
  /** When the process of that number was started; null where there is none. */
  pid_start: string | null;
}

/** `suspect`: its process lives and is silent. `unknown`: nothing tells. */
export type LockVerdict = 'live' | 'stale' | 'suspect' | 'unknown';

/** The rule of git's gc.pid, with a boot and a start beside the number, so that a number that was given again fools nobody. */
export function lockVerdict(lock: SlotLock, sight: ProcessSight, nowMs: number): LockVerdict {
  const { process: holder, lease_s } = lock;
  const isFresh = lease_s !== null && nowMs - Date.parse(lock.heartbeat_at) <= lease_s * 1_000;
  if (lock.host !== sight.host || holder === null) return isFresh ? 'live' : 'unknown';
  if (holder.boot_id !== sight.boot_id) return 'stale';
  if (sight.pid_start === null || sight.pid_start !== holder.pid_start) return 'stale';
  return lease_s === null || isFresh ? 'live' : 'suspect';
}
