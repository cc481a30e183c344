import { join } from 'node:path';
import { ServerStartError } from '@kintsugi/servers';
import { PlatformStartError } from './start-error.js';

/** Why the platform of a home did not start, with what to do about it, from whatever was thrown. */
export function startErrorOf(error: unknown, home: string): PlatformStartError {
  if (error instanceof PlatformStartError) return error;
  const whereLogsAre = `The logs are in ${join(home, 'logs')}.`;
  if (error instanceof ServerStartError) {
    const { summary, fault, log } = error;
    return new PlatformStartError('unavailable', summary, fault?.advice ?? whereLogsAre, fault ? [] : log.tail.split('\n'));
  }
  return new PlatformStartError('unavailable', error instanceof Error ? error.message : String(error), whereLogsAre);
}
