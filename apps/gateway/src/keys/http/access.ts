import { SetMetadata } from '@nestjs/common';
import type { Role } from '@kintsugi/contracts';

/** What a route asks of its caller. Every route states it; one that does not keeps the gateway from starting. */
export type Access = Role | 'anyone';

export const accessMetadata = 'kintsugi:access';

/** Only callers of this role, or of one above it. */
export const NeedsRole = (role: Role) => SetMetadata<string, Access>(accessMetadata, role);

/** Callers without a key as well. The reason stands at the route. */
export const OpenToAnyone = () => SetMetadata<string, Access>(accessMetadata, 'anyone');

export const allTenantsMetadata = 'kintsugi:all-tenants';

/** What the route tells is of all tenants: no key that is bound to one is told it. */
export const TellsOfAllTenants = () => SetMetadata<string, boolean>(allTenantsMetadata, true);
