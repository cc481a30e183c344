import { Cron } from 'croner';
import { z } from 'zod';
import { poolHostSchema, recoveryStrategyNames } from '@kintsugi/contracts';
import { numberSetting, type ServiceSettings } from '@kintsugi/hosting';
import { patternOf } from './git/domain/allowed-urls.js';

/** The settings of pool-agent beside those that all services share. */
export const poolAgentSettings = {
  POOL_HOST: poolHostSchema
    .optional()
    .describe(
      'Name that POOL_FOLDER gets at its first start and keeps, and no other agent of the platform has; that of the machine when nothing is said.',
    ),
  POOL_FOLDER: z
    .string()
    .min(1)
    .default('.kintsugi/pools')
    .describe(
      'Folder of this host in which slots, mirrors and their records lie; one agent has it. `up` gives it one in its home.',
    ),
  POOL_ALLOWED_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(/[\s,]+/).filter((pattern) => pattern !== ''))
    .pipe(z.array(z.string().refine((text) => patternOf(text) !== null, 'patterns such as https://github.com/acme/* are wanted')))
    .describe(
      'Repositories that may be cloned, as patterns such as `https://github.com/acme/*`, comma separated; nothing else is cloned. `*` stands for ' +
        'anything but a slash in the host, and for anything in the path. Transports are https, ssh, http, git and file, each only where a pattern names it.',
    ),
  POOL_KEEP_HOURS: numberSetting(168, 1, 8_760).describe(
    'Hours for which work that no remote has, and working copies that were set aside, are kept.',
  ),
  POOL_RECOVERY_CRON: z
    .string()
    .default('0 2 * * *')
    .refine((line) => line === 'off' || isCron(line), 'five fields of a cron line, or off')
    .describe('When anomalies are dealt with, as a cron line in the time zone of the host; off for never.'),
  POOL_RECOVERY_STRATEGY: z.enum(recoveryStrategyNames).default('conservative').describe('How they are dealt with then.'),
  POOL_GIT_PATH: z
    .string()
    .default('/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin')
    .describe('Folders in which git and ssh are looked for; 2.39 or newer is wanted.'),
};

export type PoolAgentSettings = ServiceSettings<typeof poolAgentSettings>;

function isCron(line: string): boolean {
  try {
    return new Cron(line, { paused: true }).nextRun() !== null;
  } catch {
    return false;
  }
}
