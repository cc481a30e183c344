import type { Fallback, SettingsGroup } from './settings.js';

/** Read by the console, which shows beside each setting in force what it is about. */
export const settingsReferencePath = 'apps/console/src/settings/settings-reference.json';

/** A setting without a default has null; `*` stands for every service. */
interface KnownSetting {
  name: string;
  service: string;
  type: string;
  fallback: string | null;
  /** Its default is known to the machine only. */
  named_after_host?: true;
  meaning: string;
}

/** The settings of processes, for a program. Those of commands are in force nowhere. */
export function settingsReference(groups: readonly SettingsGroup[]): string {
  const known = groups
    .filter(({ source }) => /^(apps|libs\/shared)\//.test(source))
    .flatMap(({ title, source, settings }) =>
      settings.map(({ name, type, fallback, meaning }): KnownSetting => {
        const service = source.startsWith('apps/') ? title : '*';
        const own = fallback.kind === 'host_name' ? { named_after_host: true as const } : {};
        return { name, service, type: plain(type), fallback: textOf(fallback), ...own, meaning: plain(meaning) };
      }),
    );
  return `${JSON.stringify(known, null, 2)}\n`;
}

function textOf(fallback: Fallback): string | null {
  return fallback.kind === 'value' ? fallback.text : null;
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
