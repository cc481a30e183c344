import { deepEqual } from 'node:assert/strict';
import type { KnownHosts } from './known-hosts.js';

/** What every keeper of hosts promises. `hosts` begins without any. */
export const knownHostPromises: [promise: string, hold: (hosts: KnownHosts) => Promise<void>][] = [
  ['gives each host once, with the pools that it last told of', givesTheLast],
  ['forgets a host, and no other', forgetsOne],
];

async function givesTheLast(hosts: KnownHosts): Promise<void> {
  deepEqual(await hosts.all(), []);
  await hosts.keep({ host: 'a', pools: ['app', 'site'], heardAt: new Date(1_000) });
  await hosts.keep({ host: 'b', pools: [], heardAt: new Date(1_000) });
  await hosts.keep({ host: 'a', pools: ['site'], heardAt: new Date(2_000) });
  const found = (await hosts.all()).sort((one, other) => one.host.localeCompare(other.host));
  deepEqual(found, [
    { host: 'a', pools: ['site'], heardAt: new Date(2_000) },
    { host: 'b', pools: [], heardAt: new Date(1_000) },
  ]);
}

async function forgetsOne(hosts: KnownHosts): Promise<void> {
  for (const host of ['a', 'b']) await hosts.keep({ host, pools: [], heardAt: new Date(1_000) });
  await hosts.forget('a');
  await hosts.forget('never heard of');
  deepEqual(
    (await hosts.all()).map(({ host }) => host),
    ['b'],
  );
}
