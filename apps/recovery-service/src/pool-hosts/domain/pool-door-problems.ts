import { ProblemError, shown } from '@kintsugi/contracts';

/** Refused before any agent was asked, or where none was there: no agent writes of it. */
export class RefusedAtDoor extends ProblemError {}

export function noAgents(): ProblemError {
  return new RefusedAtDoor(
    'POOL_HOST_AWAY',
    'pool-agent is not running. It runs where POOL_ALLOWED_URLS names the repositories that may be cloned; set that, and start the platform again.',
    { retry_after: 1 },
  );
}

export function unknownHost(named: string | undefined, hosts: readonly string[]): ProblemError {
  const [got, allowed] = [shown(named), hosts.join(', ') || 'none'];
  return new RefusedAtDoor('VALIDATION_FAILED', `data.host: there is no host ${got} of pools, only ${allowed}.`, {
    errors: [{ path: 'data.host', rule: 'VALUE', got, allowed }],
  });
}

export function ambiguous(pool: string, hosts: readonly string[]): ProblemError {
  const allowed = hosts.join(', ');
  return new RefusedAtDoor('POOL_AMBIGUOUS', `The hosts ${allowed} each have a pool ${pool}. Say which one with host.`, {
    errors: [{ path: 'data.host', rule: 'REQUIRED', got: 'nothing', allowed }],
  });
}

export function existsElsewhere(pool: string, host: string): ProblemError {
  return new RefusedAtDoor(
    'POOL_EXISTS',
    `There is a pool ${pool} already, or it is being made, on the host ${host}. Choose another name, or delete it first. Of a host that is gone for good, kintsugi pool forget-host ${host} frees the names.`,
  );
}

/** No agent has the name of the host. */
export function hostAway(host: string): ProblemError {
  return new RefusedAtDoor(
    'POOL_HOST_AWAY',
    `The host ${host} has no pool agent right now, and its pools are where it is. Start it there, with POOL_ALLOWED_URLS set; \`kintsugi pool list\` shows the hosts that answer. One that is gone for good is forgotten by \`kintsugi pool forget-host ${host}\`.`,
    { retry_after: 1 },
  );
}

export function stillThere(host: string): ProblemError {
  return new ProblemError(
    'STATE_CONFLICT',
    `The host ${host} has an agent, and is forgotten only where that is gone for good. End it first, or delete its pools.`,
    { current: 'present', allowed: ['away'] },
  );
}

export function maybeAway(slotId: string, away: readonly string[]): ProblemError {
  const hosts = away.join(', ');
  return new RefusedAtDoor(
    'POOL_HOST_AWAY',
    `No host that answers has the slot ${slotId}, and ${hosts} did not answer. Start the pool agent there, and ask again.`,
    { retry_after: 1 },
  );
}

export function stopping(): ProblemError {
  return new ProblemError(
    'SERVICE_UNAVAILABLE',
    'recovery-service stops, and the host of the pool may do what was asked all the same. Look whether it has, or ask again in a moment.',
    { retry_after: 1 },
  );
}
