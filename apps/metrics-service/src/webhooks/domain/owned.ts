import type { Actor } from '@kintsugi/contracts';

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
