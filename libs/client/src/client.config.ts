import { homeFiles, homeNear } from '@kintsugi/contracts';

export interface ClientOptions {
  /** Where the gateway is. @default KINTSUGI_URL, or where the platform of the home nearby is, or http://127.0.0.1:8000 */
  baseUrl?: string;
  /** `kin_<id>_<secret>`; not needed while the gateway's AUTH is off. @default KINTSUGI_API_KEY, or the key of the home nearby */
  apiKey?: string;
  /** Longest that an answer may take, in milliseconds; uploads and followed events may take as long as they like. */
  timeoutMs?: number;
  fetch?: typeof fetch;
  /** Gives the W3C trace context that a request is a part of, as it is made; undefined where it is a part of none. */
  traceparent?: () => string | undefined;
}

export type ResolvedClientOptions = ClientOptions & { baseUrl: string };

interface NearbyPlatform {
  url: string | undefined;
  apiKey: string | undefined;
}

/**
 * The options as given, then as the environment says, then as the home of a platform says: the one that KINTSUGI_HOME names, or
 * the nearest `.kintsugi` upwards that is not somebody else's. The key of a home is sent to the platform of that home only, and outside of Node.js there is none.
 */
export function resolveClientOptions(options: ClientOptions): ResolvedClientOptions {
  const environment = globalThis.process?.env ?? {};
  const near = nearbyPlatform(environment['KINTSUGI_HOME']);
  const baseUrl = options.baseUrl ?? (environment['KINTSUGI_URL'] || near?.url) ?? 'http://127.0.0.1:8000';
  const apiKey = options.apiKey ?? (environment['KINTSUGI_API_KEY'] || (baseUrl === near?.url ? near?.apiKey : undefined));
  return { ...options, baseUrl, ...(apiKey ? { apiKey } : {}) };
}

function nearbyPlatform(kintsugiHome: string | undefined): NearbyPlatform | undefined {
  const files = globalThis.process?.getBuiltinModule?.('node:fs');
  if (!files) return undefined;
  const read = (path: string): string | undefined => {
    try {
      return files.readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  };
  const ownerOf = (folder: string): number | null => files.statSync(folder, { throwIfNoEntry: false })?.uid ?? null;
  const home = homeNear(process.cwd(), kintsugiHome, { ownerOf, user: process.getuid?.() });
  if (home === undefined) return undefined;
  return { url: urlIn(read(`${home}/${homeFiles.state}`)), apiKey: read(`${home}/${homeFiles.commandLineKey}`)?.trim() };
}

function urlIn(stateText = ''): string | undefined {
  try {
    const { urls } = JSON.parse(stateText) as { urls?: { api?: unknown } };
    return typeof urls?.api === 'string' ? urls.api : undefined;
  } catch {
    return undefined;
  }
}
