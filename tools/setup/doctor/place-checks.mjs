import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWritable, root } from '../folders.mjs';
import { lookAtPort } from './port-holder.mjs';

const gibibyte = 1024 ** 3;
/** What the cache, the packages and the data of a demo take, with some room. */
const freeBytesMin = 2 * gibibyte;
/** Each with its usual number, and the setting that makes it unneeded. */
const ports = [
  { name: 'API_PORT', usual: 8000 },
  { name: 'NATS_PORT', usual: 4222, unlessGiven: 'NATS_URL' },
  { name: 'MONGO_PORT', usual: 27117, unlessGiven: 'MONGO_URL' },
];

/** Ports that are free or not, and who holds them. */
export function portChecks(home, environment) {
  const own = ownProcesses(home);
  return Promise.all(
    ports
      .filter(({ unlessGiven }) => !environment[unlessGiven])
      .map(async ({ name, usual }) => {
        const given = environment[name];
        const port = given ? Number(given) : usual;
        const advice = `Stop that process, or set ${name} to another port.`;
        if (!Number.isInteger(port) || port < 1 || port > 65_535) {
          return { name, state: 'missing', found: `${given} is not a port`, advice: `Set ${name} to a number from 1 to 65535.` };
        }
        const { free, pid, name: holder } = await lookAtPort(port);
        if (free) return { name, state: 'ok', found: `${port} is free` };
        if (own.has(pid)) return { name, state: 'ok', found: `${port} is Kintsugi's own (${own.get(pid)}, pid ${pid})` };
        const by = pid ? `${holder} (pid ${pid})` : 'a process of another user';
        return { name, state: 'missing', found: `${port} is taken by ${by}`, advice };
      }),
  );
}

/** Folders that must be writable, and the space on their disks. */
export function folderChecks({ cache, home }) {
  const folders = { cache, project: root, data: home };
  return Object.entries(folders).map(([name, path]) => {
    if (!isWritable(path)) {
      const advice = { cache: 'Set KINTSUGI_CACHE to a folder of yours.', data: 'Set KINTSUGI_HOME to a folder of yours.' }[name];
      return {
        name,
        state: 'missing',
        found: `${path} can't be written`,
        advice: advice ?? 'Clone the project into a folder of yours.',
      };
    }
    const { bavail, bsize } = statfsSync(nearestExisting(path));
    const freeBytes = bavail * bsize;
    const found = `${path}, ${(freeBytes / gibibyte).toFixed(1)} GiB free`;
    if (freeBytes >= freeBytesMin) return { name, state: 'ok', found };
    return { name, state: 'warn', found, advice: `Free some space: ${freeBytesMin / gibibyte} GiB are advised.` };
  });
}

/** The processes of the platform that runs from this home, by pid. */
function ownProcesses(home) {
  try {
    const { processes } = JSON.parse(readFileSync(join(home, 'run', 'state.json'), 'utf8'));
    return new Map(processes.filter(({ process }) => process).map(({ name, process }) => [process.pid, name]));
  } catch {
    return new Map();
  }
}

function nearestExisting(path) {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}
