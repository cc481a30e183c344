import { ProblemError, shown } from '@kintsugi/contracts';

export function noAgents(): ProblemError {
  return new ProblemError(
    'POOL_HOST_AWAY',
    'pool-agent is not running. It runs where POOL_ALLOWED_URLS names the repositories that may be cloned; set that, and start the platform again.',
    { retry_after: 1 },
  );
}

export function unknownHost(named: string | undefined, hosts: readonly string[]): ProblemError {
  const [got, allowed] = [shown(named), hosts.join(', ')];
  return new ProblemError('VALIDATION_FAILED', `data.host: there is no host ${got} of pools, only ${allowed}.`, {
    errors: [{ path: 'data.host', rule: 'VALUE', got, allowed }],
  });
}

export function ambiguous(pool: string, hosts: readonly string[]): ProblemError {
  const allowed = hosts.join(', ');
  return new ProblemError('POOL_AMBIGUOUS', `The hosts ${allowed} each have a pool ${pool}. Say which one with host.`, {
    errors: [{ path: 'data.host', rule: 'REQUIRED', got: 'nothing', allowed }],
  });
}

export function existsElsewhere(pool: string, host: string): ProblemError {
  return new ProblemError(
    'POOL_EXISTS',
    `There is a pool ${pool} already, on the host ${host}. Choose another name, or delete it first.`,
  );
}

export function maybeAway(slotId: string, away: readonly string[]): ProblemError {
  const hosts = away.join(', ');
  return new ProblemError(
    'POOL_HOST_AWAY',
    `No host that answers has the slot ${slotId}, and ${hosts} did not answer. Start the pool agent there, and ask again.`,
    { retry_after: 1 },
  );
}
