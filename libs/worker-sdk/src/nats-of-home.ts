import { existsSync, readFileSync, statSync } from 'node:fs';
import { homeCredentialsSchema, homeFiles, homeNear } from '@kintsugi/contracts';

/**
 * The NATS of a platform nearby that asks who comes, with how to get in: of the home that KINTSUGI_HOME names, or of the
 * nearest `.kintsugi` upwards that is not somebody else's. Undefined where there is none, or where it takes everybody.
 */
export function natsUrlOfHome(kintsugiHome: string | undefined, folder: string): string | undefined {
  const ownerOf = (place: string): number | null => statSync(place, { throwIfNoEntry: false })?.uid ?? null;
  const home = homeNear(folder, kintsugiHome, { ownerOf, user: process.getuid?.() });
  if (home === undefined) return undefined;
  const path = `${home}/${homeFiles.credentials}`;
  if (!existsSync(path)) return undefined;
  try {
    return homeCredentialsSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).nats_url ?? undefined;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it holds something else';
    throw new Error(`The credentials in ${path} cannot be used (${why}): run as their owner, or set NATS_URL.`);
  }
}
