import { lookup as resolveName } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isAllowed, isPrivateAddress } from './private-address.js';

export interface GuardedAddress {
  host: string;
  port: number;
  /** Fails an exchange with a private address, by what whoever makes it understands. */
  refuse: (host: string, port: number, address: string) => Error;
  /** Private addresses that may be asked all the same. */
  allowPrivate: readonly string[];
}

/**
 * Looks names up and refuses private addresses when they are connected to, so that no name can be public when it is checked and
 * private when it is used. Throws for an address that is refused without looking anything up.
 */
export function guardAddress({ host, port, refuse, allowPrivate }: GuardedAddress): LookupFunction {
  const mayReach = (address: string): boolean => !isPrivateAddress(address) || isAllowed(allowPrivate, host, port, address);
  if (isIP(host) !== 0 && !mayReach(host)) throw refuse(host, port, host);
  return (name, options, callback) => {
    resolveName(name, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const refused = addresses.find(({ address }) => !mayReach(address));
      // One private address among public ones is refused as a whole: which of them is taken is nobody's choice.
      if (refused || addresses.length === 0) return callback(refuse(name, port, refused?.address ?? name), '');
      const [first] = addresses;
      return options.all ? callback(null, addresses) : callback(null, first?.address ?? '', first?.family);
    });
  };
}

/** The host of a URL as a socket takes it, and its port. */
export function addressOf(url: URL): { host: string; port: number } {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
}
