import { SettingsError } from '../settings.js';

/** Where a process was to listen, and the names of the settings that say so. */
export interface WantedPort {
  host: { setting: string; value: string };
  port: { setting: string; value: number };
}

/** What the system refuses to listen on, as the fault of the settings that ask for it; any other error as it is. */
export function listenFault(error: unknown, { host, port }: WantedPort): unknown {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new SettingsError(
        `${port.setting} ${port.value} of ${host.value} is taken by another process. Set another ${port.setting}.`,
      );
    case 'EACCES':
      return new SettingsError(`${port.setting} ${port.value} may not be opened by this user. Set a ${port.setting} above 1023.`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new SettingsError(`${host.setting} ${host.value} is no address of this machine.`);
    default:
      return error;
  }
}

export function isPortTaken(error: unknown): boolean {
  return codeOf(error) === 'EADDRINUSE';
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
