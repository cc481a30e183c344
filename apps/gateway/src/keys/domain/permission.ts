import { ProblemError, roles, type Role } from '@kintsugi/contracts';
import type { Caller } from './known-keys.js';

/** Each role may do what the ones before it may. */
export function mayActAs(caller: Caller, role: Role): boolean {
  return roles.indexOf(caller.role) >= roles.indexOf(role);
}

/** @param what names the thing asked for, such as `createJob` */
export function requireRole(caller: Caller, role: Role, what: string): void {
  if (mayActAs(caller, role)) return;
  throw new ProblemError('FORBIDDEN', `${what} needs the role ${role}; the key ${caller.keyId} has the role ${caller.role}.`, {
    current: caller.role,
    allowed: roles.slice(roles.indexOf(role)),
  });
}
