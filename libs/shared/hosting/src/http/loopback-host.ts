/** Whether a host name or address can only mean this machine. A port behind it does not matter. */
export function isLoopbackHost(host: string): boolean {
  const name = withoutPort(host.trim().toLowerCase());
  return name === 'localhost' || name === '::1' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

function withoutPort(host: string): string {
  const [, name] = /^(\[[^\]]*\]|[^:]*):\d+$/.exec(host) ?? [];
  return name ?? host;
}
