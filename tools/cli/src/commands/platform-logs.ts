import { setTimeout as delay } from 'node:timers/promises';
import { PlatformLogs, type PlatformLine } from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { Interruption } from '../interruption.js';
import { platformLogLines } from '../logs/platform-log-lines.js';
import type { LogsOptions } from './logs.js';

const linesByDefault = 20;
const lookEveryMs = 250;

/** Shows what the processes of the platform have written to their own logs, also while it is down. */
export async function platformLogs({ output, environment }: CommandContext, options: LogsOptions): Promise<ExitCode> {
  const { home } = settingsSources(options, environment);
  const { process: wanted, grep = '', last = linesByDefault, text = false, follow = false } = options;
  const logs = new PlatformLogs(home, (name) => wanted === undefined || name === wanted);
  if (wanted !== undefined && !logs.processes.includes(wanted)) {
    throw new Failure('USAGE', `There is no log of ${wanted} in ${home}.`, {
      advice: `There are: ${logs.processes.join(', ') || 'none'}.`,
    });
  }
  const show = (lines: readonly PlatformLine[]): void => {
    const found = lines.filter((line) => line.text.includes(grep));
    if (output.json) output.outcome(found.map((line) => JSON.stringify(line)));
    else output.outcome(text ? found.map((line) => line.text) : platformLogLines(found, output.paint));
  };
  show(logs.last(last));
  if (follow) await goOn(() => show(logs.news()));
  return exitCodes.ok;
}

/** Until Ctrl-C. */
async function goOn(look: () => void): Promise<void> {
  const interruption = new Interruption();
  try {
    while (!interruption.happened) {
      await delay(lookEveryMs, undefined, { signal: interruption.signal }).catch(() => undefined);
      look();
    }
  } finally {
    interruption.release();
  }
}
