import { userInfo } from 'node:os';
import type { ListedApiKey } from '@kintsugi/persistence/api-keys';
import { auditKeyPemOf, withApiKeys } from '@kintsugi/supervisor';
import { apiKeySchema, databaseActor, shown, statusOfKey, tenantSchema, type KeyView, type Role } from '@kintsugi/contracts';
import type { CommandContext } from '../command-context.js';
import { databaseOf } from '../connection/database-of.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import type { Output } from '../terminal/output.js';
import { table } from '../terminal/table.js';
import { wrap } from '../terminal/text-width.js';

export type KeysAction = 'list' | 'create' | 'rotate' | 'revoke';

export interface KeysOptions {
  role?: Role;
  tenant?: string;
  expires?: string;
  overlap?: number;
  all?: boolean;
  home?: string;
}

/** Lists the API keys of a platform, makes one, puts a new one in the place of one, or ends one. */
export async function keys(
  { output, environment }: CommandContext,
  action: KeysAction,
  id: string | undefined,
  options: KeysOptions,
): Promise<ExitCode> {
  const sources = settingsSources(options, environment);
  const place = await databaseOf(sources);
  const by = {
    ...{ actor: databaseActor(userName()), instance: `kintsugi keys ${process.pid}` },
    pem: auditKeyPemOf(sources.home, place.environment),
  };
  if (action === 'list') {
    const listed = await withApiKeys(place, by, (kept) => kept.list());
    const now = new Date();
    const items = listed.map((key) => itemOf(key, now)).filter(({ status }) => options.all || status === 'good');
    output.result({ items }, () => linesOf(items, output));
    return exitCodes.ok;
  }
  const name = nameOf(action, id);
  if (by.pem === undefined) {
    output.say('The audit of this change is not signed: AUDIT_SIGNING_KEY is not set, and the home has no key.');
  }
  if (action === 'revoke') {
    const became = await withApiKeys(place, by, (kept) => kept.revoke(name));
    if (became !== 'changed') throw refusal(name, became);
    output.result({ id: name, revoked: true }, () => [`${name} is revoked: within a second no gateway accepts it.`]);
    return exitCodes.ok;
  }
  const made = await withApiKeys(place, by, (kept) =>
    action === 'create'
      ? kept.create({
          ...{ id: name, role: options.role ?? 'viewer' },
          ...{ tenant: tenantNamed(options.tenant), expires_at: timeOf(options.expires) },
        })
      : kept.rotate(name, options.overlap ?? 0),
  );
  if (typeof made === 'string') throw refusal(name, made);
  output.result({ id: name, key: made.key }, () => [
    `The${action === 'rotate' ? ' new' : ''} key of ${name}, shown this once:`,
    ...wrap(made.key, output.columns - 2).map((line) => `  ${line}`),
  ]);
  return exitCodes.ok;
}

/** Who is at the command line. A container may have no name for its user. */
function userName(): string {
  try {
    return userInfo().username || 'command-line';
  } catch {
    return 'command-line';
  }
}

function nameOf(action: KeysAction, id: string | undefined): string {
  if (id === undefined) {
    throw new Failure('USAGE', `Which key? Give its name after "${action}", such as nightly-batch.`, {
      advice: 'See ./kintsugi keys --help',
    });
  }
  if (apiKeySchema.shape.id.safeParse(id).success) return id;
  throw new Failure('USAGE', `${shown(id)} cannot name a key: use lower-case letters, digits and dashes, at most 32.`);
}

function tenantNamed(tenant: string | undefined): string | null {
  if (tenant === undefined || tenantSchema.safeParse(tenant).success) return tenant ?? null;
  throw new Failure('USAGE', `--tenant is ${shown(tenant)}; lower-case letters, digits and dashes are wanted, at most 32.`);
}

/** What --expires says: a day ends with it, in UTC. */
function timeOf(expires: string | undefined): Date | null {
  if (expires === undefined) return null;
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(expires) ? `${expires}T24:00:00Z` : expires);
  if (Number.isNaN(time.getTime())) {
    throw new Failure(
      'USAGE',
      `--expires is ${shown(expires)}; a day such as 2027-03-31 or a time such as 2027-03-31T18:00:00Z is wanted.`,
    );
  }
  if (time.getTime() > Date.now()) return time;
  throw new Failure('USAGE', `--expires is ${shown(expires)}, which is over.`);
}

function refusal(id: string, why: 'taken' | 'absent' | 'revoked'): Failure {
  const advice = './kintsugi keys list --all shows those that there are.';
  switch (why) {
    case 'taken':
      return new Failure('KEY_REFUSED', `A key called ${id} exists already, or existed once. Choose another name.`, { advice });
    case 'absent':
      return new Failure('KEY_REFUSED', `There is no key called ${id}.`, { advice });
    case 'revoked':
      return new Failure('KEY_REFUSED', `${id} has been revoked, and stays so. Create another key under a new name.`, { advice });
  }
}

interface KeyItem extends Omit<ListedApiKey, '_id' | 'former_expires_at'> {
  id: string;
  status: KeyView['status'];
}

function itemOf({ _id: id, role, tenant, created_at, rotated_at, expires_at, revoked_at }: ListedApiKey, now: Date): KeyItem {
  const status = statusOfKey({ expires_at, revoked_at }, now);
  return { id, role, tenant: tenant ?? null, status, created_at, rotated_at, expires_at, revoked_at };
}

function linesOf(items: KeyItem[], { rowColumns, paint }: Output): string[] {
  if (items.length === 0) return ['There are no keys. ./kintsugi keys create NAME --role admin makes one.'];
  const shownTime = (time: Date | null): string => time?.toISOString().slice(0, 16).replace('T', ' ') ?? '';
  return table(
    [
      { title: 'KEY', shrinks: true },
      { title: 'ROLE' },
      { title: 'TENANT' },
      { title: 'STATUS' },
      { title: 'CREATED' },
      { title: 'ROTATED' },
      { title: 'EXPIRES' },
    ],
    items.map(({ id, role, tenant, status, created_at, rotated_at, expires_at }) => [
      ...[id, role, tenant ?? 'all', status],
      ...[created_at, rotated_at, expires_at].map(shownTime),
    ]),
    { columns: rowColumns, paintTitle: paint.dim },
  );
}
