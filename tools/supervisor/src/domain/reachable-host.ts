const loopbackOf: Partial<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The host of a URL by which this machine reaches what listens on an address. */
export function reachableHost(listensOn: string): string {
  const host = loopbackOf[listensOn] ?? listensOn;
  return host.includes(':') ? `[${host}]` : host;
}
