import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@kintsugi/client';
import type { CommandContext } from '../command-context.js';
import { keptPoolLines } from '../demo/demo-lines.js';
import { createDemoFolder, platformSettings, startDemoPlatform } from '../demo/demo-platform.js';
import type { DemoOptions } from '../demo/demo-options.js';
import { damages } from '../demo/pool/damages.js';
import { makeDemoRepository } from '../demo/pool/demo-repository.js';
import { damageLines, findingLines, poolVerdictLines, repairLines } from '../demo/pool/pool-demo-lines.js';
import { DemoPool, demoPoolName, lookAndRepair } from '../demo/pool/pool-demo-run.js';
import { poolFaultsOf, type PoolDemoSummary } from '../demo/pool/pool-demo-summary.js';
import { runGit } from '../demo/pool/run-git.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Interruption } from '../interruption.js';
import { count, duration } from '../terminal/quantities.js';

const slotsOfPool = 8;

/** Makes a pool of working copies, breaks most of them, and has them healed or isolated. */
export async function demoPool(context: CommandContext, options: Pick<DemoOptions, 'keep'>): Promise<ExitCode> {
  const { output } = context;
  const keep = options.keep === true;
  const interruption = new Interruption();
  const folder = createDemoFolder(keep);
  let stop: () => Promise<void> = () => Promise.resolve();
  let stays = false;
  try {
    const startedAt = performance.now();
    const repository = join(folder.path, 'repository.git');
    const made = await makeDemoRepository(repository);
    output.say(
      `A repository of ${count(made.files)} files in ${count(made.commits)} commits, and a pool of ${slotsOfPool} slots of it`,
    );
    const settings = await platformSettings();
    const home = join(folder.path, 'home');
    const { environment } = context;
    stop = await startDemoPlatform({
      ...{ home, keep, environment, signal: interruption.signal },
      settings: { ...settings, WORKERS: '0', POOL_ALLOWED_URLS: `file://${folder.path}/*`, POOL_RECOVERY_CRON: 'off' },
    });
    const apiUrl = `http://127.0.0.1:${settings.API_PORT}`;
    output.say(`Everything is up after ${duration(performance.now() - startedAt)}: ${apiUrl}`, '');
    const run = { apiUrl, url: made.url, repository, outside: join(folder.path, 'outside'), startedAt };
    const { summary, faults } = await breakAndHeal(context, run);
    output.result(summary, () => [
      ...poolVerdictLines(summary, faults, output),
      ...(keep ? keptPoolLines(apiUrl, home, output) : []),
    ]);
    stays = keep;
    return faults.length === 0 ? exitCodes.ok : exitCodes.failed;
  } catch (error) {
    if (!interruption.happened) throw error;
    return exitCodes.interrupted;
  } finally {
    if (!stays) {
      await stop();
      folder.remove();
      if (interruption.happened) output.say('', 'Broken off; nothing is left behind.');
    }
    interruption.release();
  }
}

interface PoolDemo {
  apiUrl: string;
  url: string;
  repository: string;
  outside: string;
  startedAt: number;
}

async function breakAndHeal(
  { output }: CommandContext,
  { apiUrl, url, repository, outside, startedAt }: PoolDemo,
): Promise<{ summary: PoolDemoSummary; faults: string[] }> {
  const client = createClient({ baseUrl: apiUrl });
  const madeAt = performance.now();
  const { slots } = await client.pools.createPool({ name: demoPoolName, repository_url: url, size: slotsOfPool });
  output.say(`The pool is made in ${duration(performance.now() - madeAt)}, from one mirror of the repository`, '');
  const tree = await runGit(repository, ['rev-parse', 'main^{tree}']);
  mkdirSync(outside);
  const pool = new DemoPool(slots, outside);
  output.say(...damageLines(pool.damage(), output), '');
  let found: ReturnType<DemoPool['found']> = [];
  const repaired = await lookAndRepair(client, (anomalies) => {
    found = pool.found(anomalies);
    output.say(...findingLines(found, output), '');
  });
  // Before git looks, which would run it where it is still named.
  const program_was_run = pool.programWasRun;
  const ends = await pool.outcome(repaired.slots, found, tree);
  output.say(...repairLines(ends, repaired.tookMs, output), '');
  const wall_s = Math.round((performance.now() - startedAt) / 100) / 10;
  const summary = { slots: ends, report: repaired.report, program_was_run, outside_untouched: pool.isOutsideUntouched, wall_s };
  return { summary, faults: poolFaultsOf(summary, damages) };
}
