import { databaseStates, migrateDatabases, type MigratedSchema } from '@kintsugi/supervisor';
import type { CommandContext } from '../command-context.js';
import { databaseOf } from '../connection/database-of.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Interruption } from '../interruption.js';
import type { Output } from '../terminal/output.js';
import { table } from '../terminal/table.js';

type Database = Omit<MigratedSchema, 'applied'> & Partial<Pick<MigratedSchema, 'applied'>>;

/** Shows the schema version of each service's database, or raises it to what the service needs. */
export async function migrate(
  { output, environment }: CommandContext,
  action: 'status' | 'up',
  options: { home?: string },
): Promise<ExitCode> {
  const interruption = new Interruption();
  try {
    const place = { ...(await databaseOf(settingsSources(options, environment))), signal: interruption.signal };
    const databases: Database[] = action === 'up' ? await migrateDatabases(place) : await databaseStates(place);
    output.result({ databases }, () => linesOf(databases, output));
    return databases.every(({ status }) => status === 'current') ? exitCodes.ok : exitCodes.failed;
  } catch (error) {
    if (!interruption.happened) throw error;
    output.say('', 'Broken off. What was migrated stays so; ./kintsugi migrate up does the rest.');
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
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
