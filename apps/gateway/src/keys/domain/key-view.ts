import { statusOfKey, type KeyView, type Role } from '@kintsugi/contracts';

/** A key as it is kept, without what recognises it. */
export interface KeptKey {
  _id: string;
  role: Role;
  tenant: string | null;
  former_expires_at: Date | null;
  expires_at: Date | null;
  rotated_at: Date | null;
  revoked_at: Date | null;
  created_at: Date;
}

const told = (time: Date | null): string | null => time?.toISOString() ?? null;

/** What is told of a key. */
export function viewOf({ _id, role, tenant, ...times }: KeptKey, now: Date): KeyView {
  const { created_at, rotated_at, former_expires_at: former, expires_at, revoked_at } = times;
  return {
    ...{ id: _id, role, tenant: tenant ?? null },
    status: statusOfKey(times, now),
    ...{ created_at: created_at.toISOString(), rotated_at: told(rotated_at) },
    former_until: former && former > now && !revoked_at ? former.toISOString() : null,
    ...{ expires_at: told(expires_at), revoked_at: told(revoked_at) },
  };
}
