import { createKey } from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { wrap } from '../terminal/text-width.js';

export interface KeysOptions {
  role: 'viewer' | 'operator' | 'admin';
  home?: string;
}

/** Creates an API key for the platform of a home. */
export async function keys(
  { output, environment }: CommandContext,
  _action: 'create',
  id: string,
  options: KeysOptions,
): Promise<ExitCode> {
  const { home } = settingsSources(options, environment);
  const key = await createKey(home, { id, role: options.role });
  output.result({ id, role: options.role, key }, () => [
    `The key of ${id} (${options.role}), shown this once:`,
    ...wrap(key, output.columns - 2).map((line) => `  ${line}`),
  ]);
  return exitCodes.ok;
}
