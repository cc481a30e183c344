import { isRunning, mongoLoginOf, readState, resolveSettings } from '@kintsugi/supervisor';
import { Failure } from '../failure.js';
import { placeOf } from '../terminal/places.js';
import { settingOf, type GivenSettings } from './settings-sources.js';

const waitMs = 10_000;

export interface GivenDatabase {
  mongoUrl: string;
  environment: Record<string, string>;
  signal: AbortSignal;
  waitMs: number;
}

/** The MongoDB of the settings, or of the platform that runs in the home. */
export async function databaseOf(given: GivenSettings): Promise<GivenDatabase> {
  const mongoUrl = await mongoUrlOf(given);
  const { environment } = await resolveSettings(given.sources);
  return { mongoUrl, environment, signal: new AbortController().signal, waitMs };
}

async function mongoUrlOf(given: GivenSettings): Promise<string> {
  const named = settingOf('MONGO_URL', given);
  if (named !== undefined) return named;
  const state = readState(given.home);
  if (state && (await isRunning(state.supervisor))) return (await mongoLoginOf(given.home)) ?? state.urls.mongo;
  throw new Failure('UNAVAILABLE', `MONGO_URL is not set, and Kintsugi is not running in ${placeOf(given.home)}.`, {
    advice: 'Set MONGO_URL to a MongoDB of yours, or start one with ./kintsugi up.',
  });
}
