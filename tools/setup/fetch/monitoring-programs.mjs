import { join } from 'node:path';
import { firstExecutable, foldersOnPath } from '../process/executables.mjs';
import { fetchDebianPackages } from './debian-packages.mjs';
import { publish } from './staging.mjs';

/** By the name that Debian gives each: its Alertmanager is called differently from that of its makers. */
const programs = {
  prometheus: ['prometheus'],
  promtool: ['promtool'],
  alertmanager: ['alertmanager', 'prometheus-alertmanager'],
  amtool: ['amtool'],
};

/**
 * Prometheus, Alertmanager and their tools: those on PATH, else Debian's packages, which are fetched into the cache once and need no
 * root. Rejects where neither can be had.
 */
export async function provideMonitoringPrograms({ cache, environment = process.env, holding }) {
  const onPath = all(foldersOnPath(environment));
  if (onPath) return onPath;
  const folder = join(cache, 'servers', 'monitoring');
  const bin = join(folder, 'usr', 'bin');
  const cached = all([bin]);
  if (cached) return cached;
  await publish(folder, async (staging) => {
    await fetchDebianPackages(['prometheus', 'prometheus-alertmanager'], staging, { workFolder: join(cache, 'apt'), holding });
    return staging;
  });
  const fetched = all([bin]);
  if (!fetched) throw new Error("Debian's packages prometheus and prometheus-alertmanager do not hold what they used to");
  return fetched;
}

function all(folders) {
  const found = Object.entries(programs).map(([name, names]) => [name, firstExecutable(folders, names)]);
  return found.every(([, path]) => path !== undefined) ? Object.fromEntries(found) : undefined;
}
