import { hostname } from 'node:os';
import { sharedSettings, storeSettings } from '@kintsugi/hosting';
import { z } from 'zod';
import { defaultOf, meaningOf, typeOf } from './fields.js';
import { exportsOf, filesIn, root } from './workspace.js';

export interface Setting {
  name: string;
  type: string;
  fallback: Fallback;
  meaning: string;
}

/** What holds when nothing is given: a value, something that only the machine knows, nothing, or a refusal to start. */
export type Fallback = { kind: 'value'; text: string } | { kind: 'host_name' } | { kind: 'none' } | { kind: 'required' };

/** The settings that one process reads beside the shared ones. */
export interface SettingsGroup {
  title: string;
  /** The file that declares them. */
  source: string;
  settings: Setting[];
}

type Shape = Record<string, z.ZodType>;

const sharedSource = 'libs/shared/hosting/src/shared-settings.ts';

const shared: Shape = { ...sharedSettings, ...storeSettings };

/** Every setting there is, by who reads it: found where the house puts them, so that a new app is not forgotten. */
export async function settingsGroups(): Promise<SettingsGroup[]> {
  const groups: SettingsGroup[] = [];
  for (const source of ['tools', 'apps', 'libs/worker-sdk', 'examples'].flatMap(configsIn)) {
    for (const shape of Object.values(await exportsOf(source)).filter(isShape)) {
      const own = Object.entries(shape).filter(([name, schema]) => shared[name] !== schema);
      if (own.length > 0) groups.push({ title: titleOf(source), source, settings: settingsOf(Object.fromEntries(own)) });
    }
  }
  const ofServices = [
    { title: 'Every service', source: sharedSource, settings: settingsOf(sharedSettings) },
    { title: 'Services with a database', source: sharedSource, settings: settingsOf(storeSettings) },
  ];
  const platform = groups.filter(({ source }) => source.startsWith('tools/'));
  return [...platform, ...ofServices, ...groups.filter((group) => !platform.includes(group))];
}

function configsIn(folder: string): string[] {
  return filesIn(folder, '**/src/**/*{.config,-settings}.ts');
}

function isShape(value: unknown): value is Shape {
  if (typeof value !== 'object' || value === null) return false;
  const schemas = Object.values(value);
  return schemas.length > 0 && schemas.every((schema) => schema instanceof z.ZodType);
}

/** `job-service.config.ts` holds the settings of job-service. */
function titleOf(source: string): string {
  return source.slice(source.lastIndexOf('/') + 1).replace(/(\.config|-settings)\.ts$/, '');
}

function settingsOf(shape: Shape): Setting[] {
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    type: typeOf(schema),
    fallback: fallbackOf(name, schema),
    meaning: meaningOf(schema),
  }));
}

/** Settings whose default is the host's name. A name and not only the value decides: a host may be called like another default. */
const namedAfterHost = new Set(['INSTANCE_ID', 'WORKER_NAME']);

/** A default that depends on the machine is named, so that the reference is the same on all. */
function fallbackOf(name: string, schema: z.ZodType): Fallback {
  const value = defaultOf(schema);
  if (value === undefined) return { kind: schema.safeParse(undefined).success ? 'none' : 'required' };
  if (namedAfterHost.has(name) && value === hostname()) return { kind: 'host_name' };
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return { kind: 'value', text: text.replace(`${root}/`, '') };
}
