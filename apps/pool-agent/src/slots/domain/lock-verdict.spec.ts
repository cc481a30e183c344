import { describe, expect, test } from '@jest/globals';
import { lockVerdict, type ProcessSight, type SlotLock } from './lock-verdict.js';

const now = Date.parse('2026-01-01T12:00:00.000Z');
const lock: SlotLock = {
  ...{ slot_id: 's', owner: 'o', host: 'here', token: 1, lease_s: 60 },
  ...{ acquired_at: '2026-01-01T10:00:00.000Z', heartbeat_at: '2026-01-01T11:59:30.000Z' },
  process: { boot_id: 'b1', pid: 7, pid_start: '100' },
};
const seen: ProcessSight = { host: 'here', boot_id: 'b1', pid_start: '100' };
const silent = { ...lock, heartbeat_at: '2026-01-01T10:00:00.000Z' };

describe('a lock', () => {
  test.each([
    ['of a process that lives and beats', lock, seen, 'live'],
    ['of a process that lives and promised no beats', { ...silent, lease_s: null }, seen, 'live'],
    ['of a process that lives and is silent', silent, seen, 'suspect'],
    ['of before the last boot', lock, { ...seen, boot_id: 'b2' }, 'stale'],
    ['of a process that is gone', lock, { ...seen, pid_start: null }, 'stale'],
    ['of a number that was given to another process', lock, { ...seen, pid_start: '999' }, 'stale'],
    ['of another host that beats', lock, { ...seen, host: 'there' }, 'live'],
    ['of another host that is silent', silent, { ...seen, host: 'there' }, 'unknown'],
    ['of no process that beats', { ...lock, process: null }, seen, 'live'],
    ['of no process and no beats', { ...silent, process: null, lease_s: null }, seen, 'unknown'],
  ] as const)('%s: %s', (_what, one, sight, verdict) => expect(lockVerdict(one, sight, now)).toBe(verdict));
});
