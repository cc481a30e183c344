import { readFileSync } from 'node:fs';
import { createClient, type Client } from '@kintsugi/client';
import { commandLineKeyFileOf, isRunning, readState } from '@kintsugi/supervisor';
import { z } from 'zod';
import type { CommandContext } from '../command-context.js';
import { Failure } from '../failure.js';
import { connectionSettings } from './connection-settings.js';
import { placeOf } from '../terminal/places.js';
import { homeOption } from './home-option.js';
import { settingOf, settingsSources, type GivenSettings } from './settings-sources.js';

export interface ConnectionOptions {
  url?: string;
  home?: string;
}

/**
 * A client of the platform that the options, the settings or the home name, in this order. A home that is named is meant:
 * where its platform is down, no other one is talked to.
 */
export async function connect({ environment }: CommandContext, options: ConnectionOptions): Promise<Client> {
  const given = settingsSources({ ...options, values: { KINTSUGI_URL: options.url } }, environment);
  const { KINTSUGI_URL, KINTSUGI_API_KEY } = readSettings(given);
  const ofHome = await urlOfRunning(given.home);
  const isHomeMeant = options.url === undefined && (options.home !== undefined || (given.isHomeNamed && !KINTSUGI_URL));
  if (isHomeMeant && ofHome === undefined) throw notRunning(given.home, environment);
  const baseUrl = isHomeMeant ? ofHome! : (KINTSUGI_URL ?? ofHome ?? usualUrl(given));
  const ownKey = baseUrl === ofHome ? keyOf(given.home) : undefined;
  const apiKey = isHomeMeant ? (ownKey ?? KINTSUGI_API_KEY) : (KINTSUGI_API_KEY ?? ownKey);
  return createClient({ baseUrl, ...(apiKey ? { apiKey } : {}) });
}

async function urlOfRunning(home: string): Promise<string | undefined> {
  const state = readState(home);
  return state && (await isRunning(state.supervisor)) ? state.urls.api : undefined;
}

function notRunning(home: string, environment: NodeJS.ProcessEnv): Failure {
  const option = homeOption(home, environment);
  return new Failure('UNAVAILABLE', `Kintsugi is not running in ${placeOf(home)}.`, {
    advice: `./kintsugi up${option === null ? '' : ` ${option}`} starts it.`,
  });
}

function readSettings(given: GivenSettings): z.output<z.ZodObject<typeof connectionSettings>> {
  const names = Object.keys(connectionSettings);
  const parsed = z.object(connectionSettings).safeParse(Object.fromEntries(names.map((name) => [name, settingOf(name, given)])));
  if (parsed.success) return parsed.data;
  // The value is not shown: it may be a key.
  const faults = parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`);
  throw new Failure('SETTINGS', faults.join('\n'), { advice: 'Each setting is explained in .env.example.' });
}

/** Where a platform would be that was started some other way, such as with containers. */
function usualUrl(given: GivenSettings): string {
  return `http://${settingOf('API_HOST', given) ?? '127.0.0.1'}:${settingOf('API_PORT', given) ?? '8000'}`;
}

function keyOf(home: string): string | undefined {
  try {
    return readFileSync(commandLineKeyFileOf(home), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
