import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { auditServices, withoutGaps, type AuditPage, type AuditService } from '@kintsugi/contracts';
import { AuditPublicKey } from '@kintsugi/persistence/audit-check';
import { auditKeyPemOf, resolveSettings } from '@kintsugi/supervisor';
import { auditTable, verdictLines } from '../audit/audit-lines.js';
import { auditedByApi, auditedInFile, headsIn, type AuditPiece } from '../audit/audit-source.js';
import { verifyAudit } from '../audit/verify-audit.js';
import type { CommandContext } from '../command-context.js';
import { connect, type ConnectionOptions } from '../connection/connect.js';
import { settingsSources } from '../connection/settings-sources.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { placeOf } from '../terminal/places.js';
import { count } from '../terminal/quantities.js';

export interface AuditOptions extends ConnectionOptions {
  service?: AuditService;
  actor?: string;
  action?: string;
  subject?: string;
  tenant?: string;
  since?: string;
  until?: string;
  limit: number;
  cursor?: string;
  key?: string[];
  against?: string;
  signedFrom: number;
}

const advice = 'See ./kintsugi audit --help';

/** Lists who had what changed, writes the chains to a file, or holds them to what they say of themselves. */
export async function audit(
  context: CommandContext,
  action: 'list' | 'verify' | 'export',
  file: string | undefined,
  options: AuditOptions,
): Promise<ExitCode> {
  switch (action) {
    case 'list':
      return list(context, options);
    case 'export':
      return exportTo(context, file, options);
    case 'verify':
      return verify(context, file, options);
  }
}

async function list(context: CommandContext, options: AuditOptions): Promise<ExitCode> {
  const client = await connect(context, options);
  const { service, actor, action, subject, tenant, since, until, limit, cursor } = options;
  const given = { service, actor, action, subject, tenant, since, until, limit, cursor };
  const page: AuditPage = await client.listAudit(withoutGaps(given));
  context.output.result(page, () => auditTable(page, context.output));
  return exitCodes.ok;
}

async function exportTo(context: CommandContext, file: string | undefined, options: AuditOptions): Promise<ExitCode> {
  if (file === undefined) throw new Failure('USAGE', 'Where to? Name a file after "export".', { advice });
  const path = resolve(file);
  const entries = Object.fromEntries(servicesOf(options).map((service) => [service, 0]));
  const written = createWriteStream(path, { mode: 0o600, flags: 'wx' });
  let isOpen = false;
  try {
    await once(written, 'open');
    isOpen = true;
    for await (const piece of await piecesOfApi(context, options)) {
      if (piece.kind === 'entry') entries[piece.entry.service] = piece.entry.seq;
      if (!written.write(`${JSON.stringify(piece)}\n`)) await once(written, 'drain');
    }
    written.end();
    await once(written, 'finish');
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    // A part of an export is none. What was there before it is not ours to remove.
    written.destroy();
    if (isOpen) await rm(path, { force: true });
    if (!syscall) throw error;
    throw new Failure('USAGE', `${placeOf(path)} cannot be written (${code}).`, { advice: 'Name a file that is not there yet.' });
  }
  const total = Object.values(entries).reduce((sum, entry) => sum + entry, 0);
  context.output.result({ file: path, entries }, () => [`${placeOf(path)} holds ${count(total)} entries.`]);
  return exitCodes.ok;
}

async function verify(context: CommandContext, file: string | undefined, options: AuditOptions): Promise<ExitCode> {
  const pieces = file === undefined ? await piecesOfApi(context, options) : auditedInFile(resolve(file));
  const verdict = await verifyAudit(pieces, {
    services: file === undefined || options.service ? servicesOf(options) : null,
    keys: await keysOf(context, options),
    signedFrom: options.signedFrom,
    known: options.against === undefined ? [] : await headsIn(resolve(options.against)),
  });
  context.output.result(verdict, () => verdictLines(verdict, context.output));
  return verdict.ok ? exitCodes.ok : exitCodes.failed;
}

function servicesOf({ service }: AuditOptions): AuditService[] {
  return service === undefined ? [...auditServices] : [service];
}

async function piecesOfApi(context: CommandContext, options: AuditOptions): Promise<AsyncIterable<AuditPiece>> {
  const client = await connect(context, options);
  return auditedByApi(client, servicesOf(options));
}

/** Those that were named, or else the one by which the services of the home sign. */
async function keysOf({ environment }: CommandContext, { key = [], home: given }: AuditOptions): Promise<AuditPublicKey[]> {
  if (key.length > 0) return key.map(keyIn);
  const { home, sources } = settingsSources(given === undefined ? {} : { home: given }, environment);
  const own = auditKeyPemOf(home, (await resolveSettings(sources)).environment);
  return own === undefined ? [] : [AuditPublicKey.fromPem(own)];
}

function keyIn(file: string): AuditPublicKey {
  try {
    return AuditPublicKey.fromPem(readFileSync(resolve(file), 'utf8'));
  } catch {
    throw new Failure('USAGE', `${placeOf(resolve(file))} holds no Ed25519 key as PEM.`, { advice });
  }
}
