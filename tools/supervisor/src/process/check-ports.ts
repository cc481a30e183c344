import { describeHolder, isPortFree, whoHoldsPort } from '@kintsugi/servers';
import { portsOf, type PlatformSettings } from '../settings/platform-settings.js';
import { PlatformStartError } from '../start-error.js';

const flags: Partial<Record<string, string>> = { API_PORT: '--port', NATS_PORT: '--nats-port', MONGO_PORT: '--mongo-port' };

/** Refuses ports that another process holds, before anything is started; names the process and the setting. */
export async function checkPorts(settings: PlatformSettings): Promise<void> {
  const wanted = portsOf(settings);
  const hostOf = (setting: string): string => (setting === 'API_PORT' ? settings.API_HOST : '127.0.0.1');
  const free = await Promise.all(wanted.map(({ setting, port }) => isPortFree(port, hostOf(setting))));
  const taken = wanted.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const faults = taken.map(({ setting, port }) => `Port ${port} (${setting}) is taken by ${describeHolder(whoHoldsPort(port))}.`);
  const remedies = taken.map(({ setting }) => [flags[setting] ?? [], setting].flat().join(' or '));
  throw new PlatformStartError(
    'unavailable',
    faults.join('\n'),
    `Stop ${taken.length > 1 ? 'those processes' : 'that process'}, or choose another port with ${remedies.join(', ')}.`,
  );
}
