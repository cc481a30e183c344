import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { repository, type SettingsSource } from '@kintsugi/supervisor';
import { Failure } from '../failure.js';
import { misspeltSettings, settingsIn } from './misspelt-settings.js';

export interface GivenSettings {
  home: string;
  /** Whether the command line or a setting names it. */
  isHomeNamed: boolean;
  /** From the first, which wins, to the last. */
  sources: SettingsSource[];
  /** Those of them that are files. */
  files: SettingsSource[];
}

/**
 * Where settings come from: the command line, the environment, the `.env` of the home, the `.env` of the repository.
 * The home itself cannot be named in its own file.
 */
export function settingsSources(
  flags: { home?: string; values?: Record<string, string | undefined> },
  environment: NodeJS.ProcessEnv = process.env,
): GivenSettings {
  const ofRepository = environmentFile(join(repository, '.env'));
  const named = flags.home || environment['KINTSUGI_HOME'] || ofRepository?.values['KINTSUGI_HOME'];
  const home = named ? resolve(flags.home === undefined ? repository : process.cwd(), named) : join(repository, '.kintsugi');
  const ofHome = environmentFile(join(home, '.env'));
  const files = [ofHome, ofRepository].filter((file) => file !== undefined);
  const sources = [
    { name: 'the command line', values: flags.values ?? {} },
    { name: 'the environment', values: environment },
    ...files,
  ];
  return { home, isHomeNamed: Boolean(named), sources, files };
}

/** The names of all settings that there are. */
export function knownSettings(): string[] {
  return settingsIn(readFileSync(join(repository, '.env.example'), 'utf8'));
}

/** Names in the files that look like a misspelt setting, as sentences. */
export function misspellings({ files }: GivenSettings): string[] {
  const known = knownSettings();
  return files.flatMap(({ name: file, values }) =>
    misspeltSettings(Object.keys(values), known).map(
      ({ name, meant }) => `${file}: ${name} is no setting. Did you mean ${meant}?`,
    ),
  );
}

/** The value that the first source gives. */
export function settingOf(name: string, { sources }: GivenSettings): string | undefined {
  return sources.map(({ values }) => values[name]).find((value) => value !== undefined && value !== '');
}

function environmentFile(path: string): SettingsSource | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure('SETTINGS', `${path} cannot be read.`, { advice: 'Make it readable, or remove it.' });
  }
  return { name: path, values: parseEnv(text) };
}
