import { ProblemError, isAtLeast, roles, type Role } from '@kintsugi/contracts';
import type { Caller } from './known-keys.js';

export function mayActAs(caller: Caller, role: Role): boolean {
  return isAtLeast(caller.role, role);
}

/** What all tenants share is changed by nobody who is bound to one. */
export function requireUnbound(caller: Caller, what: string): void {
  if (caller.tenant === null) return;
  throw new ProblemError(
    'FORBIDDEN',
    `${what} is about all tenants; the key ${caller.keyId} is bound to the tenant ${caller.tenant}. Use a key that is bound to none.`,
  );
}

/** @param what names the thing asked for, such as `createJob` */
export function requireRole(caller: Caller, role: Role, what: string): void {
  if (mayActAs(caller, role)) return;
  throw new ProblemError('FORBIDDEN', `${what} needs the role ${role}; the key ${caller.keyId} has the role ${caller.role}.`, {
    current: caller.role,
    allowed: roles.slice(roles.indexOf(role)),
  });
}
