const redirects = [301, 302, 303, 307, 308];
/** Headers that are meant for one host and no other. */
const ofOneHost = ['authorization', 'cookie', 'proxy-authorization', 'host'];

export interface HttpCall {
  method: string;
  url: URL;
  headers: Record<string, string>;
  /** Names of headers that hold a secret. */
  secretHeaders: readonly string[];
  body: Buffer | null;
}

/** The request that a redirect leads to; null where the answer is none. Throws where it leads to what is no web address. */
export function nextRequest(call: HttpCall, status: number, location: string | undefined): HttpCall | null {
  if (!redirects.includes(status) || location === undefined) return null;
  const url = new URL(location, call.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`The redirect leads to ${url.protocol}, which is no web address.`);
  }
  // It would be sent to whatever this worker may reach, as the choice of whoever answered.
  if (url.username !== '' || url.password !== '') throw new Error('The redirect leads to a URL with a user and password.');
  const keepsBody = status === 307 || status === 308 || (status !== 303 && call.method !== 'POST');
  const isSameHost = url.origin === call.url.origin;
  const dropped = [
    ...(isSameHost ? [] : [...ofOneHost, ...call.secretHeaders]),
    ...(keepsBody ? [] : ['content-type', 'content-length']),
  ];
  return {
    method: keepsBody || call.method === 'HEAD' ? call.method : 'GET',
    url,
    headers: Object.fromEntries(Object.entries(call.headers).filter(([name]) => !dropped.includes(name.toLowerCase()))),
    secretHeaders: call.secretHeaders,
    body: keepsBody ? call.body : null,
  };
}
