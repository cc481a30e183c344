import { resolve } from 'node:path';
import { ProblemError, type Client } from '@kintsugi/client';
import type { BatchJob } from '@kintsugi/contracts';
import {
  checkBackup,
  jobsSince,
  preparePlatform,
  resolveSettings,
  restoreDatabases,
  sumsOf,
  type BackupManifest,
  type Platform,
} from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { connect } from '../connection/connect.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Interruption } from '../interruption.js';
import { collectionView } from '../terminal/collection-view.js';
import { placeOf } from '../terminal/places.js';
import { count, plural } from '../terminal/quantities.js';

/** What the broker tells of and the restored databases do not. */
interface Lack {
  job_id: string;
  lacks: 'job' | 'end';
}

/** The data decides how long it takes. A service that cannot start ends the command by itself. */
const readyTimeoutMs = 24 * 3_600_000;
/** The moment of a backup is known to the second, and an event is told a little after what it tells of. */
const earlierMs = 10_000;
const shownMax = 20;

/** Puts a backup in place of the data of a home, starts the platform on it once to see that it can, and says what it lacks. */
export async function restore(
  context: CommandContext,
  from: string,
  options: { home?: string; force?: boolean },
): Promise<ExitCode> {
  const { output } = context;
  const folder = resolve(from);
  const given = settingsSources(options, context.environment);
  const interruption = new Interruption();
  const view = collectionView(output, 'Restoring');
  let platform: Platform | undefined;
  try {
    const manifest = await checkBackup(folder, interruption.signal);
    const { settings, environment } = await resolveSettings(given.sources);
    platform = await preparePlatform({
      ...{ home: given.home, settings, environment, readyTimeoutMs },
      onServers: (place) => {
        const signal = AbortSignal.any([place.signal, interruption.signal]);
        return restoreDatabases({ ...place, signal }, { folder, manifest, force: options.force ?? false, onProgress: view.show });
      },
    });
    await platform.start();
    view.clear();
    const lacks = await whatIsLacked(platform, await connect(context, { home: given.home }), manifest);
    await platform.stop();
    const { documents, collections } = sumsOf(manifest);
    output.result({ home: given.home, taken_at: manifest.taken_at, documents, collections, lacks }, () => [
      `${placeOf(given.home)} holds what was written up to ${manifest.taken_at}: ${count(documents)} documents.`,
      'The platform started on it, and is stopped again. Start it with ./kintsugi up.',
      ...linesOf(lacks),
    ]);
    return exitCodes.ok;
  } catch (error) {
    view.clear();
    await platform?.stop();
    if (!interruption.happened) throw error;
    output.say('Broken off: what was restored was taken away again, and nothing else is there.');
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
}

async function whatIsLacked(platform: Platform, client: Client, { taken_at }: BackupManifest): Promise<Lack[]> {
  const { created, ended } = await jobsSince(platform.urls.nats, new Date(Date.parse(taken_at) - earlierMs));
  const lacks: Lack[] = [];
  for (const job_id of new Set([...created, ...ended.keys()])) {
    const job = await jobOf(client, job_id);
    if (!job) lacks.push({ job_id, lacks: 'job' });
    else if (ended.has(job_id) && job.finished_at !== ended.get(job_id)) lacks.push({ job_id, lacks: 'end' });
  }
  return lacks;
}

async function jobOf(client: Client, jobId: string): Promise<BatchJob | null> {
  try {
    return await client.getJob(jobId);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'JOB_NOT_FOUND') return null;
    throw error;
  }
}

function linesOf(lacks: Lack[]): string[] {
  if (lacks.length === 0) return ['It lacks nothing that the broker tells of.'];
  const more = lacks.length - shownMax;
  return [
    `The broker tells of ${plural(lacks.length, 'thing')} that came later:`,
    ...lacks
      .slice(0, shownMax)
      .map(({ job_id, lacks: what }) => `  ${job_id}  ${what === 'job' ? 'is not there' : 'ended: it runs again'}`),
    ...(more > 0 ? [`  and ${count(more)} more; --json lists them all`] : []),
  ];
}
