import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet (the special-purpose registries of IANA). */
const notPublic = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  // Hands out the settings of a machine to whoever asks from it (Azure).
  ['168.63.129.16', 32],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv4');
}
/** Of IPv6 only what is given out at all is public, and of that not what carries an IPv4 address or is for documentation. */
const given = new BlockList();
given.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  notPublic.addSubnet(network, bits, 'ipv6');
}

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** Whether an address is none of the public internet. What is no address is none either. */
export function isPrivateAddress(address: string): boolean {
  const inner = mapped.exec(address)?.[1] ?? address;
  const family = isIP(inner);
  if (family === 4) return notPublic.check(inner, 'ipv4');
  return family === 6 ? !given.check(inner, 'ipv6') || notPublic.check(inner, 'ipv6') : true;
}

/** An address that is allowed although it is private: as a host, as host:port, or by its network. */
export function isAllowed(allowed: readonly string[], host: string, port: number, address: string): boolean {
  return allowed.some(
    (entry) => entry === host || entry === `${host}:${port}` || entry === address || isInNetwork(entry, address),
  );
}

function isInNetwork(entry: string, address: string): boolean {
  const [network = '', bits] = entry.split('/');
  const family = isIP(network);
  if (bits === undefined || !/^\d{1,3}$/.test(bits) || family === 0 || isIP(address) !== family) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, Number(bits), kind);
  return list.check(address, kind);
}
