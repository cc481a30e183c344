import { join } from 'node:path';
import { createClient } from '@kintsugi/client';
import { expectedDeliveries, mistypedDomain } from '@kintsugi/newsletter';
import type { CommandContext } from '../command-context.js';
import { keptLines, verdictLines } from '../demo/demo-lines.js';
import type { DemoOptions } from '../demo/demo-options.js';
import { createDemoFolder, demoSettings, startDemoPlatform } from '../demo/demo-platform.js';
import { repairMistyped, sendToItsEnd, submitSending } from '../demo/demo-run.js';
import { faultsOf, type DemoSummary } from '../demo/demo-summary.js';
import { readLedger, worldIsUp } from '../demo/mail-world.js';
import { prepareSendingGroup, type SendingGroup } from '../demo/sending-group.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { Interruption } from '../interruption.js';
import { count, duration } from '../terminal/quantities.js';

type NewsletterOptions = DemoOptions & { seed: string };

const helpIsThere = { advice: 'See ./kintsugi demo --help' };

/** Shows a newsletter that heals, or a pool of working copies that does. */
export async function demo(context: CommandContext, what: 'newsletter' | 'pool', options: DemoOptions): Promise<ExitCode> {
  if (what === 'newsletter') return demoNewsletter(context, options);
  const foreign = (['csv', 'tasks', 'seed'] as const).find((name) => options[name] !== undefined);
  if (foreign !== undefined) {
    throw new Failure('USAGE', `--${foreign} is of the newsletter; the pool has no recipients.`, helpIsThere);
  }
  return (await import('./demo-pool.js')).demoPool(context, options);
}

/** Sends a newsletter over real SMTP, lets it heal as far as it can by itself, repairs one group, and counts. */
async function demoNewsletter(context: CommandContext, { seed = '1', ...more }: DemoOptions): Promise<ExitCode> {
  const options = { seed, ...more };
  const { output } = context;
  const interruption = new Interruption();
  const folder = createDemoFolder(options.keep === true);
  const demonstration = new Demonstration(context, options, join(folder.path, 'home'), interruption.signal);
  let stays = false;
  try {
    const group = await prepareSendingGroup(options, folder.path);
    const code = await demonstration.run(group);
    stays = options.keep === true;
    return code;
  } catch (error) {
    if (!interruption.happened) throw error;
    return exitCodes.interrupted;
  } finally {
    if (!stays) {
      await demonstration.stop();
      folder.remove();
      if (interruption.happened) output.say('', 'Broken off; nothing is left behind.');
    }
    interruption.release();
  }
}

/** One demo from its start to its verdict. */
class Demonstration {
  private readonly startedAt = performance.now();
  private stopPlatform: () => Promise<void> = () => Promise.resolve();

  constructor(
    private readonly context: CommandContext,
    private readonly options: NewsletterOptions,
    private readonly home: string,
    private readonly signal: AbortSignal,
  ) {}

  async run(group: SendingGroup): Promise<ExitCode> {
    const { output } = this.context;
    const { seed, keep = false } = this.options;
    output.say(`${count(group.recipients.length)} recipients, and a mail server that behaves like the world (seed ${seed})`);
    const settings = await demoSettings(group.folder, seed);
    const { home, signal } = this;
    this.stopPlatform = await startDemoPlatform({ home, settings, keep, environment: this.context.environment, signal });
    await worldIsUp(settings.SMTP_WORLD_LEDGER_PORT, signal);
    const apiUrl = `http://127.0.0.1:${settings.API_PORT}`;
    output.say(`Everything is up after ${duration(performance.now() - this.startedAt)}: ${apiUrl}`, '');
    const run = { client: createClient({ baseUrl: apiUrl }), output, ledgerPort: settings.SMTP_WORLD_LEDGER_PORT, signal };
    const jobId = await submitSending(run, group);
    const { tasks, p50_ms, p99_ms, ...end } = await sendToItsEnd(run, jobId);
    const repaired = await repairMistyped(run, jobId);
    const ledger = await readLedger(run.ledgerPort);
    const summary: DemoSummary = {
      tasks,
      delivered: ledger.delivered,
      unique: ledger.unique,
      expected: expectedDeliveries(group.recipients, seed, mistypedDomain),
      ...end,
      repaired,
      p50_ms,
      p99_ms,
      wall_s: Math.round((performance.now() - this.startedAt) / 100) / 10,
    };
    const faults = faultsOf(summary, ledger);
    output.result(summary, () => [...verdictLines(summary, faults, output), ...(keep ? keptLines(apiUrl, home, output) : [])]);
    return faults.length === 0 ? exitCodes.ok : exitCodes.failed;
  }

  stop(): Promise<void> {
    return this.stopPlatform();
  }
}
