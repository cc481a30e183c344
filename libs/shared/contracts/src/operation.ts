import type { z } from 'zod';
import type { ServiceToken } from './subjects.js';

/** From least to most; each role may do what the ones before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;

export type Role = (typeof roles)[number];

/** Whether a role may do what is for another one. */
export function isAtLeast(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/**
 * `job`: it names a job by `job_id`, and another tenant's is not there.
 * `records`: it names error records, or lists something; another tenant's are not there.
 * `new`: what it makes is his tenant's.
 * `platform`: it is about what all tenants share. He may read it and not change it.
 * `services`: one service asks it of another, about what a door has let in.
 */
export type Tenancy = 'job' | 'records' | 'new' | 'platform' | 'services';

/** A request that a service answers. */
export interface Operation {
  service: ServiceToken;
  /** The endpoint whose `{action, data}` body reaches it; absent for reads with a path and for calls between services. */
  endpoint?: '/job-operations' | '/error-operations' | '/pool-operations';
  role: Role;
  /** How it is kept to the tenant of whoever asks, where he is bound to one. */
  tenancy: Tenancy;
  about: string;
  /** Longest that its answer may take, in milliseconds, where it may take longer than others. */
  answerTimeoutMs?: number;
  /** The field of a request that travels as it is behind the JSON of the others: escaping a long text and reading it again costs more than all else. */
  textField?: string;
  request: z.ZodType;
  response: z.ZodType;
}
