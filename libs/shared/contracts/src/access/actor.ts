import { z } from 'zod';
import { roles } from '../operation.js';
import { DEFAULT_TENANT, tenantSchema } from './tenant.js';

/** How somebody came in. `service` and `worker`: a process of the platform that acts by itself. `database`: at the database itself. */
export const doors = ['http', 'nats', 'service', 'worker', 'database'] as const;

/** Who asks for something. It travels with every request and command, from the door where it came in to the record of what was done. */
export const actorSchema = z.strictObject({
  key: z.string().max(64).nullable().describe('Id of the API key; null for whoever came in without one.'),
  name: z.string().min(1).max(128).describe('What records and logs call it: the id of its key, or what it is.'),
  role: z.enum(roles).describe('What it may do.'),
  tenant: tenantSchema
    .nullable()
    .describe('The tenant that it is bound to: it sees and changes nothing of another. Null: it is bound to none.'),
  door: z.enum(doors).describe('How it came in.'),
  address: z.string().max(64).nullable().describe('Network address it came from; null where none is known.'),
});

export type Actor = Readonly<z.infer<typeof actorSchema>>;

/** Carries the actor of a request or command, as JSON. Whoever may publish to the requests of services is trusted with it. */
export const ACTOR_HEADER = 'Kin-Actor';

/** Whoever comes in by NATS itself, which has no keys: it may do what any process of the platform may. */
export const natsActor: Actor = { key: null, name: 'nats', role: 'admin', tenant: null, door: 'nats', address: null };

/** A service that acts by itself, such as one that retries a task. */
export function serviceActor(name: string): Actor {
  return { key: null, name, role: 'admin', tenant: null, door: 'service', address: null };
}

/** A worker that acts by itself, such as one that sends the tasks that it has planned. */
export function workerActor(name: string): Actor {
  return { key: null, name, role: 'operator', tenant: null, door: 'worker', address: null };
}

/** Whoever may write the database, such as a person at the command line who makes a key. */
export function databaseActor(name: string): Actor {
  return { key: null, name, role: 'admin', tenant: null, door: 'database', address: null };
}

/** The tenant of what an actor makes. */
export function tenantOf({ tenant }: Actor): string {
  return tenant ?? DEFAULT_TENANT;
}

/** Whether an actor may know of what is a tenant's. */
export function maySee({ tenant }: Actor, owner: string | undefined): boolean {
  return tenant === null || tenant === (owner ?? DEFAULT_TENANT);
}
