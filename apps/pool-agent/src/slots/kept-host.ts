import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { poolHostSchema } from '@kintsugi/contracts';
import { SettingsError } from '@kintsugi/hosting';
import { readRecord, writeDurably } from '../platform/durable-file.js';
import type { PoolFolder } from './pool-folder.js';

const keptSchema = z.object({ host: poolHostSchema });

/** The name of this machine, as it can be a part of a subject of NATS. */
export function machineName(): string {
  return hostname()
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .slice(0, 63);
}

/**
 * Gives a folder the name that it has from an earlier start: its pools are known by that, whatever the machine is called by now.
 * @param asked the name that it is to have, where one is asked for
 * @returns whether it has one from before
 */
export async function recallHost(folder: PoolFolder, asked: string | undefined): Promise<boolean> {
  const path = pathOf(folder);
  const record = await readRecord(path);
  if (record === undefined) return false;
  const kept = keptSchema.safeParse(record);
  if (!kept.success) {
    throw new SettingsError(
      `${path} does not tell the name of this host. Write {"host":"NAME"} there, with the name that its pools have in kintsugi pool list.`,
    );
  }
  const { host } = kept.data;
  if (asked !== undefined && asked !== host) {
    throw new SettingsError(
      `POOL_HOST is ${asked}, and the pools in ${folder.root} are known as those of ${host}. Say POOL_HOST=${host}, or leave it out. To give them the other name, remove ${path}, start again, and say kintsugi pool forget-host ${host}.`,
    );
  }
  folder.host = host;
  return true;
}

/** Has the folder keep its name. */
export function keepHost(folder: PoolFolder): Promise<void> {
  return writeDurably(pathOf(folder), { host: folder.host });
}

function pathOf({ root }: PoolFolder): string {
  return join(root, 'host.json');
}
