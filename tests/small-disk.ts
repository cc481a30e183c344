import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { test } from '@jest/globals';

/** A mount of a test's own goes with its process: in a namespace of mounts, and where need be of users. */
const namespaces = [['--mount'], ['--user', '--map-root-user', '--mount']];
const namespace = namespaces.find(
  (options) => spawnSync('unshare', [...options, 'mount', '-t', 'tmpfs', 'none', tmpdir()]).status === 0,
);

// eslint-disable-next-line no-restricted-syntax -- this user may be one who mounts no small disk, not even in a namespace of its own
export const testOnSmallDisk = namespace ? test : test.skip;
/** What the name of such a test ends with. */
export const inWords = namespace ? '' : ' (skipped: this user may not mount a small disk, not even in a namespace of its own)';

/** The command that runs another one with a disk of so many bytes at a folder, in which there is nothing but `home`. */
export function onSmallDisk(bytes: number, folder: string, command: readonly string[]): [string, string[]] {
  const start = ['mount -t tmpfs -o size="$1" none "$2" && mkdir "$2/home" && shift 2 && exec "$@"', 'start'];
  return ['unshare', [...(namespace ?? []), 'sh', '-c', ...start, String(bytes), folder, ...command]];
}
