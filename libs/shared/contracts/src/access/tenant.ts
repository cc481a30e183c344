import { z } from 'zod';

/** The tenant of whoever is bound to none. */
export const DEFAULT_TENANT = 'default';

export const tenantSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/, 'lower-case letters, digits and dashes, at most 32');
