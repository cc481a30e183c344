/**
 * Whether a secret may go where a request goes. A host alone stands for HTTPS at any port; plain HTTP, which whoever stands in between
 * can read, has to be named with its port, and is fine within this machine.
 */
export function mayGoTo(hosts: readonly string[], { protocol, hostname, port }: URL, isOnThisMachine: boolean): boolean {
  const isSecure = protocol === 'https:';
  if (hosts.includes(`${hostname}:${port || (isSecure ? 443 : 80)}`)) return true;
  return hosts.includes(hostname) && (isSecure || isOnThisMachine);
}
