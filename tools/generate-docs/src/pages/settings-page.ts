import { code, table, type Page } from '../markdown.js';
import type { Fallback, Setting, SettingsGroup } from '../settings.js';

export function settingsPage(groups: readonly SettingsGroup[]): Page {
  return {
    title: 'Settings',
    intro:
      'Every process is told what it needs by environment variables; one that cannot be used ends the process with all faults listed, before anything is opened.',
    body: [
      'For each setting of a service, `NAME_FILE` may give the path of a file with its value instead, so that a secret need not be in the environment. `./kintsugi up` reads `.env` as well, hands its environment on to the services, and needs none of this.',
      ...groups.flatMap(({ title, source, settings }) => [
        `## ${title}`,
        `Declared in [${source}](../../${source}).`,
        table(['Setting', 'Type', 'Default', 'Meaning'], settings.map(rowOf)),
      ]),
    ],
  };
}

function rowOf({ name, type, fallback, meaning }: Setting): string[] {
  return [code(name), type, fallbackText(fallback), meaning];
}

function fallbackText(fallback: Fallback): string {
  switch (fallback.kind) {
    case 'value':
      return code(fallback.text);
    case 'host_name':
      return 'the name of the host';
    case 'none':
      return 'none';
    case 'required':
      return 'required';
  }
}
