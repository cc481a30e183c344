import { describeHolder, isPortFree, whoHoldsPort } from '@kintsugi/servers';
import { monitoringPorts, type PlatformSettings } from '../settings/platform-settings.js';
import { PlatformStartError } from '../start-error.js';

/** Refuses ports that another process holds, before anything is started; names the process and the setting. */
export async function checkPorts(settings: PlatformSettings): Promise<void> {
  const wanted = [
    { setting: 'API_PORT', flag: '--port', port: settings.API_PORT, host: settings.API_HOST },
    ...(settings.NATS_URL ? [] : [{ setting: 'NATS_PORT', flag: '--nats-port', port: settings.NATS_PORT, host: '127.0.0.1' }]),
    ...(settings.MONGO_URL
      ? []
      : [{ setting: 'MONGO_PORT', flag: '--mongo-port', port: settings.MONGO_PORT, host: '127.0.0.1' }]),
    ...(settings.MONITORING === 'on'
      ? monitoringPorts.map((setting) => ({ setting, flag: null, port: settings[setting], host: '127.0.0.1' }))
      : []),
  ];
  const free = await Promise.all(wanted.map(({ port, host }) => isPortFree(port, host)));
  const taken = wanted.filter((_, index) => !free[index]);
  if (taken.length === 0) return;
  const faults = taken.map(({ setting, port }) => `Port ${port} (${setting}) is taken by ${describeHolder(whoHoldsPort(port))}.`);
  const remedies = taken.map(({ setting, flag }) => (flag ? `${flag} or ${setting}` : setting));
  throw new PlatformStartError(
    'unavailable',
    faults.join('\n'),
    `Stop ${taken.length > 1 ? 'those processes' : 'that process'}, or choose another port with ${remedies.join(', ')}.`,
  );
}
