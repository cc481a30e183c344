import { resolve } from 'node:path';
import { backUpDatabases, sumsOf } from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { databaseOf } from '../connection/database-of.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Interruption } from '../interruption.js';
import { placeOf } from '../terminal/places.js';
import { bytes, count } from '../terminal/quantities.js';
import { collectionView } from '../terminal/collection-view.js';

/** Writes the databases of a platform, as they are at one moment, to a folder. The platform goes on. */
export async function backup({ output, environment }: CommandContext, to: string, options: { home?: string }): Promise<ExitCode> {
  const folder = resolve(to);
  const interruption = new Interruption();
  const view = collectionView(output, 'Backing up');
  try {
    const place = { ...(await databaseOf(settingsSources(options, environment))), signal: interruption.signal };
    const manifest = await backUpDatabases(place, { folder, onProgress: view.show });
    view.clear();
    const sums = sumsOf(manifest);
    output.result({ folder, taken_at: manifest.taken_at, ...sums }, () => [
      `${placeOf(folder)} holds all that was written up to ${manifest.taken_at}:`,
      `  ${count(sums.documents)} documents of ${count(sums.collections)} collections, ${bytes(sums.bytes)}`,
      'It holds payloads and the hashes of keys: keep it where only you can read it.',
      output.paint.dim(`Bring it back with ./kintsugi restore ${placeOf(folder)} --home FOLDER`),
    ]);
    return exitCodes.ok;
  } catch (error) {
    view.clear();
    if (!interruption.happened) throw error;
    output.say('Broken off. The folder is no backup: it lacks its manifest, and can be removed.');
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
}
