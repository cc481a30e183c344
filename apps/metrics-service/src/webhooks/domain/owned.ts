import { ProblemError, type Actor } from '@kintsugi/contracts';

/** Those of somebody who is bound to no tenant stand apart from those of every tenant. */
const boundToNone = '*';

/** The id of what a tenant has under a name. */
export function ownedIdOf({ tenant }: Pick<Actor, 'tenant'>, name: string): string {
  return `${tenant ?? boundToNone}/${name}`;
}

/** Whose it is; null where it is of somebody who is bound to none. */
export function tenantInOwnedId(id: string): string | null {
  const tenant = id.slice(0, id.indexOf('/'));
  return tenant === boundToNone ? null : tenant;
}

/** A field of the request that makes no sense with the others. */
export function refused(field: string, got: string, allowed: string): ProblemError {
  const path = `data.${field}`;
  return new ProblemError('VALIDATION_FAILED', `${path}: got ${got}; allowed is ${allowed}.`, {
    errors: [{ path, rule: 'VALUE', got, allowed }],
  });
}
