/** Where NATS is, and who we are there: one and the same at each server. */
export interface NatsAddress {
  servers: string[];
  user?: string;
  pass?: string;
}

const parts = /^(?<scheme>[a-z]+:\/\/)?(?:(?<user>[^:@/]+):(?<pass>[^@/]*)@)?(?<place>.+)$/i;

/** Reads `nats://user:password@host:port`, comma separated. The client library would leave user and password out. */
export function natsAddressOf(text: string): NatsAddress {
  const read = text
    .split(',')
    .map((server) => parts.exec(server.trim())?.groups)
    .filter((groups) => groups !== undefined);
  const servers = read.map(({ scheme = '', place }) => `${scheme}${place}`);
  const who = read.find(({ user }) => user !== undefined);
  if (who?.['user'] === undefined) return { servers };
  return { servers, user: decodeURIComponent(who['user']), pass: decodeURIComponent(who['pass'] ?? '') };
}
