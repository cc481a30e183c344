import type { PlatformState } from '@kintsugi/supervisor';

/** A platform's state as it may be shown: the URL of the user's own servers may hold a password. */
export function shownState(state: PlatformState): PlatformState {
  const { api, nats, mongo } = state.urls;
  return { ...state, urls: { api, nats: withoutSecret(nats), mongo: withoutSecret(mongo) } };
}

function withoutSecret(url: string): string {
  return url.replace(/\/\/[^@/]*@/g, '//…@');
}
