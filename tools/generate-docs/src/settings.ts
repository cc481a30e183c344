import { hostname } from 'node:os';
import { sharedSettings, storeSettings } from '@kintsugi/hosting';
import { z } from 'zod';
import { defaultOf, meaningOf, typeOf } from './fields.js';
import { exportsOf, filesIn, root } from './workspace.js';

export interface Setting {
  name: string;
  type: string;
  /** The default as a person would write it; null when there is none. */
  fallback: string | null;
  required: boolean;
  meaning: string;
}

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
  const groups: SettingsGroup[] = [
    { title: 'Every service', source: sharedSource, settings: settingsOf(sharedSettings) },
    { title: 'Services with a database', source: sharedSource, settings: settingsOf(storeSettings) },
  ];
  const sources = ['apps', 'libs/worker-sdk', 'examples', 'tools'].flatMap((folder) =>
    filesIn(folder, '**/src/**/*{.config,-settings}.ts'),
  );
  for (const source of sources) {
    for (const shape of Object.values(await exportsOf(source)).filter(isShape)) {
      const own = Object.entries(shape).filter(([name, schema]) => shared[name] !== schema);
      if (own.length > 0) groups.push({ title: titleOf(source), source, settings: settingsOf(Object.fromEntries(own)) });
    }
  }
  return groups;
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
    fallback: fallbackOf(schema),
    required: !schema.safeParse(undefined).success,
    meaning: meaningOf(schema),
  }));
}

/** A default that depends on the machine is named, so that the reference is the same on all. */
function fallbackOf(schema: z.ZodType): string | null {
  const value = defaultOf(schema);
  if (value === undefined) return null;
  if (value === hostname()) return 'the host name';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(`${root}/`, '');
}
