import { z } from 'zod';
import { settingText } from '@kintsugi/messaging/setting-text';

/** A process's settings: one schema entry an environment variable, each with a default or required, and described. */
export type SettingsShape = Record<string, z.ZodType>;

export type Settings<Shape extends SettingsShape> = { [Name in keyof Shape]: z.output<Shape[Name]> };

/** Settings that cannot be used. The message lists all faults at once, a line each. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** The exit code of a process whose settings are wrong (sysexits.h, EX_CONFIG). */
export const EXIT_CONFIG = 78;

/** Text as a number with bounds: environment variables are text. */
export function numberSetting(fallback: number, minimum: number, maximum: number) {
  return z.coerce.number().min(minimum).max(maximum).default(fallback);
}

/**
 * Reads settings from the environment. `NAME_FILE` gives the path of a file that holds the value of `NAME`,
 * so that secrets need not be in the environment.
 */
export function readSettings<Shape extends SettingsShape>(
  shape: Shape,
  environment: NodeJS.ProcessEnv = process.env,
): Settings<Shape> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(shape)) {
    const value = textOf(name, environment);
    if (value !== undefined) given[name] = value;
  }
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data as Settings<Shape>;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new SettingsError(`These settings cannot be used:\n${faults.join('\n')}\nSee .env.example for each setting.`);
}

function textOf(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  try {
    return settingText(name, environment);
  } catch (error) {
    throw new SettingsError(error instanceof Error ? error.message : String(error));
  }
}
