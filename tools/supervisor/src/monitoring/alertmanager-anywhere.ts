import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where Debian's Alertmanager looks for its templates, whatever it is told: a folder that only an installation as root makes. */
const installed = '/usr/share/prometheus/alertmanager';

export interface RunnableAlertmanager {
  program: string;
  /** The folder that it has to be started in. */
  folder: string;
}

/**
 * An Alertmanager that starts from wherever its package was unpacked: a copy that looks for its templates in the folder that it is
 * started in. One that is installed is taken as it is.
 */
export function alertmanagerAnywhere(program: string, folder: string): RunnableAlertmanager {
  const templates = join(dirname(program), '..', 'share', 'prometheus', 'alertmanager');
  if (existsSync(installed) || !existsSync(templates)) return { program, folder };
  const code = readFileSync(program);
  // As long as the path that it stands for, since the program knows its length.
  const here = './'.repeat(installed.length / 2);
  for (let at = code.indexOf(installed); at >= 0; at = code.indexOf(installed, at + 1)) code.write(here, at, 'latin1');
  const copy = join(folder, 'alertmanager-anywhere');
  writeFileSync(copy, code, { mode: 0o700 });
  return { program: copy, folder: templates };
}
