import {
  databaseStates,
  isRunning,
  migrateDatabases,
  mongoLoginOf,
  readState,
  resolveSettings,
  type MigratedDatabase,
} from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { settingOf, settingsSources, type GivenSettings } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Output } from '../terminal/output.js';
import { placeOf } from '../terminal/places.js';
import { table } from '../terminal/table.js';

const waitMs = 10_000;

type Database = Omit<MigratedDatabase, 'applied'> & Partial<Pick<MigratedDatabase, 'applied'>>;

/** Shows the schema version of each service's database, or raises it to what the service needs. */
export async function migrate(
  { output, environment }: CommandContext,
  action: 'status' | 'up',
  options: { home?: string },
): Promise<ExitCode> {
  const given = settingsSources(options, environment);
  const place = {
    mongoUrl: await mongoUrlOf(given),
    environment: (await resolveSettings(given.sources)).environment,
    signal: new AbortController().signal,
    waitMs,
  };
  const databases: Database[] = action === 'up' ? await migrateDatabases(place) : await databaseStates(place);
  output.result({ databases }, () => linesOf(databases, output));
  return databases.every(({ status }) => status === 'current') ? exitCodes.ok : exitCodes.failed;
}

/** That of the settings, or of the platform that runs in the home. */
async function mongoUrlOf(given: GivenSettings): Promise<string> {
  const named = settingOf('MONGO_URL', given);
  if (named !== undefined) return named;
  const state = readState(given.home);
  if (state && (await isRunning(state.supervisor))) return (await mongoLoginOf(given.home)) ?? state.urls.mongo;
  throw new Failure('UNAVAILABLE', `MONGO_URL is not set, and Kintsugi is not running in ${placeOf(given.home)}.`, {
    advice: 'Set MONGO_URL to a MongoDB of yours. ./kintsugi up starts one of its own, and migrates by itself.',
  });
}

function linesOf(databases: Database[], { rowColumns, paint }: Output): string[] {
  return table(
    [
      { title: 'DATABASE' },
      { title: 'VERSION', align: 'right' },
      { title: 'NEEDED', align: 'right' },
      { title: 'STATUS' },
      { title: 'MIGRATIONS', shrinks: true },
    ],
    databases.map(({ database, version, known, status, pending, applied = [] }) => [
      database,
      String(version),
      String(known),
      status,
      [...applied.map((name) => `${name} is done`), ...pending].join(', '),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
}
