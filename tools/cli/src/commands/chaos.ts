import { faultKindsFrom, runChaos } from '@kintsugi/chaos';
import type { CommandContext } from '../command-context.js';
import type { ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';

export interface ChaosOptions {
  seed?: number;
  minutes?: number;
  only?: string;
  write?: boolean;
  json?: boolean;
}

/** Breaks a platform of its own, one thing after the other, and tells what held. */
export async function chaos(_context: CommandContext, { only: named, ...options }: ChaosOptions): Promise<ExitCode> {
  const only = named === undefined ? undefined : faultKindsFrom(named);
  if (typeof only === 'string') throw new Failure('USAGE', only, { advice: 'See ./kintsugi chaos --help' });
  return (await runChaos({ ...options, ...(only ? { only } : {}) })) as ExitCode;
}
