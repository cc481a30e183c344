import type { PlatformHealth } from '@kintsugi/contracts';

/** What is known of a setting; `*` stands for every service, null for no default. */
export interface KnownSetting {
  name: string;
  service: string;
  type: string;
  fallback: string | null;
  /** Its default is the name of the host that a process is on, which is not known here. */
  named_after_host?: boolean | undefined;
  meaning: string;
}

export interface ShownSetting {
  name: string;
  /** As they are in force, with the processes that have each where they differ. */
  values: { value: string; instances: string[] }[];
  /** Null where nothing is known of it: the process is of another version. */
  known: KnownSetting | null;
  isChanged: boolean;
}

export interface ServiceSettings {
  service: string;
  instances: string[];
  settings: ShownSetting[];
}

/** What of the settings is shown; it stands in the address. */
export interface SettingsFilter {
  q?: string | undefined;
  service?: string | undefined;
  /** Only those that are not as they come. */
  changed?: true | undefined;
}

type Processes = Pick<PlatformHealth, 'processes'>['processes'];

/** The settings in force of each service, by name; a service whose processes tell none is left out. */
export function settingsOf(processes: Processes, reference: readonly KnownSetting[]): ServiceSettings[] {
  const telling = processes.filter(({ settings }) => settings !== null);
  const services = [...new Set(telling.map(({ service }) => service))].sort();
  return services.map((service) => {
    const own = telling.filter((process) => process.service === service);
    const names = [...new Set(own.flatMap(({ settings }) => Object.keys(settings ?? {})))].sort();
    return {
      service,
      instances: own.map(({ instance }) => instance),
      settings: names.map((name) => shownSetting(name, own, knownOf(service, name, reference))),
    };
  });
}

/** Those of them that a reader wants; services of which none is left are left out. */
export function filteredSettings(services: readonly ServiceSettings[], filter: SettingsFilter): ServiceSettings[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return services
    .filter(({ service }) => filter.service === undefined || filter.service === service)
    .map((of) => ({
      ...of,
      settings: of.settings.filter((setting) => {
        if (filter.changed && !setting.isChanged) return false;
        const text = [setting.name, setting.known?.meaning, ...setting.values.map(({ value }) => value)].join(' ').toLowerCase();
        return words.every((word) => text.includes(word));
      }),
    }))
    .filter(({ settings }) => settings.length > 0);
}

function shownSetting(name: string, processes: Processes, known: KnownSetting | null): ShownSetting {
  const byValue = new Map<string, string[]>();
  for (const { instance, settings } of processes) {
    const told = settings?.[name];
    if (told === undefined) continue;
    const value = asGiven(told);
    byValue.set(value, [...(byValue.get(value) ?? []), instance]);
  }
  const values = [...byValue].map(([value, instances]) => ({ value, instances }));
  const isComparable = known !== null && !known.named_after_host;
  return { name, values, known, isChanged: isComparable && values.some(({ value }) => value !== known.fallback) };
}

/** A list is told as JSON, and given with commas. */
function asGiven(told: string): string {
  if (!told.startsWith('[')) return told;
  try {
    const list: unknown = JSON.parse(told);
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list.join(',') : told;
  } catch {
    return told;
  }
}

/** What a service says of a setting of its own counts more than what is said of all. */
function knownOf(service: string, name: string, reference: readonly KnownSetting[]): KnownSetting | null {
  const named = reference.filter((known) => known.name === name);
  return named.find((known) => known.service === service) ?? named.find((known) => known.service === '*') ?? null;
}
