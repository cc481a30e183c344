/** What a request says of the page that made it; a program other than a browser says nothing. */
export interface Provenance {
  host: string | undefined;
  origin: string | undefined;
  /** `Sec-Fetch-Site`, which no page can set itself. */
  fetchSite: string | undefined;
}

/** Whether a page of another web site made the request: a browser sends it, with what it knows of this server, unasked. */
export function isForeign({ host, origin, fetchSite }: Provenance, allowedOrigins: readonly string[]): boolean {
  if (fetchSite === 'same-origin') return false;
  if (origin === undefined) return fetchSite === 'cross-site';
  return !allowedOrigins.includes(origin) && !isOriginOf(host, origin);
}

/** The scheme is left out: TLS may end at a proxy. */
function isOriginOf(host: string | undefined, origin: string): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: ofOrigin } = new URL(origin);
  const own = `${protocol}//${host}`;
  return ofOrigin !== '' && URL.canParse(own) && new URL(own).host === ofOrigin;
}
