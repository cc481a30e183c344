import { code, table, type Page } from '../markdown.js';
import type { Setting, SettingsGroup } from '../settings.js';

export function settingsPage(groups: readonly SettingsGroup[]): Page {
  return {
    title: 'Settings',
    intro:
      'Every process is told what it needs by environment variables; one that cannot be used ends the process with all faults listed, before anything is opened.',
    body: [
      'For each setting of a service, `NAME_FILE` may give the path of a file with its value instead, so that a secret need not be in the environment. `./kintsugi up` hands its own environment on to the services.',
      ...groups.flatMap(({ title, source, settings }) => [
        `## ${title}`,
        `Declared in [${source}](../../${source}).`,
        table(['Setting', 'Type', 'Default', 'Meaning'], settings.map(rowOf)),
      ]),
    ],
  };
}

function rowOf({ name, type, fallback, required, meaning }: Setting): string[] {
  return [code(name), type, fallback === null ? (required ? 'required' : 'none') : code(fallback), meaning];
}
