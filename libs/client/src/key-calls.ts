import type { CreateKey, KeyList, MadeApiKey, RevokedKey } from '@kintsugi/contracts';
import type { ApiCaller } from './api-caller.js';
import { queryString } from './query-string.js';

/** The API keys, for admins who are bound to no tenant. */
export function keyCalls(api: ApiCaller) {
  const pathOf = (id: string, deed: string): string => `/v1/keys/${encodeURIComponent(id)}/${deed}`;
  return {
    /** All that there ever were, without what they consist of. */
    listKeys: (): Promise<KeyList> => api.json({ path: '/v1/keys' }),

    /** The key is told this once. */
    createKey: (key: CreateKey): Promise<MadeApiKey> =>
      api.json({
        method: 'POST',
        path: '/v1/keys',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(key),
      }),

    /** Puts a new key in the place of one; with `overlap_s` the former is accepted for so many seconds more. */
    rotateKey: (id: string, options: { overlap_s?: number } = {}): Promise<MadeApiKey> =>
      api.json({ method: 'POST', path: pathOf(id, 'rotate') + queryString({ ...options }) }),

    /** Within a second no gateway accepts it. */
    revokeKey: (id: string): Promise<RevokedKey> => api.json({ method: 'POST', path: pathOf(id, 'revoke') }),
  };
}
