import { readFileSync } from 'node:fs';

/**
 * What the environment says of a setting: the text itself as NAME or, so that a secret need not be in the environment, the
 * content of the file whose path is NAME_FILE. An empty text says nothing.
 */
export function settingText(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const path = environment[`${name}_FILE`];
  if (environment[name] || !path) return environment[name] || undefined;
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    throw new Error(`${name}_FILE names a file that cannot be read: ${path}`);
  }
}
