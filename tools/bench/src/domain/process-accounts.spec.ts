import { describe, expect, test } from '@jest/globals';
import { parseMemoryRollup, parseProcessStat, withDescendants } from './process-accounts.js';

const stat =
  '4242 (node (odd) name) S 17 4242 4242 0 -1 4194304 9001 12 3 0 150 50 20 5 20 0 11 0 987654 1234567 8901 18446744073709551615';

describe('/proc/<pid>/stat', () => {
  test('gives pid, parent and all four times, whatever the name holds', () => {
    expect(parseProcessStat(stat)).toEqual({ pid: 4242, parentPid: 17, cpuMs: 2_250 });
  });
});

describe('/proc/<pid>/smaps_rollup', () => {
  test('gives resident and proportional size, and not the parts of the latter', () => {
    const text = `5581f0000000-7ffd1c9fe000 ---p 00000000 00:00 0    [rollup]
Rss:               65432 kB
Pss:               43210 kB
Pss_Dirty:         12345 kB
Shared_Clean:        100 kB
`;
    expect(parseMemoryRollup(text)).toEqual({ rssKb: 65_432, pssKb: 43_210 });
  });

  test('of a process that has just ended is nothing', () => {
    expect(parseMemoryRollup('')).toEqual({ rssKb: 0, pssKb: 0 });
  });
});

describe('a tree of processes', () => {
  const account = (pid: number, parentPid: number) => ({ pid, parentPid, cpuMs: 10 });

  test('holds children of children, and each process once', () => {
    const accounts = [account(1, 0), account(10, 1), account(11, 10), account(12, 11), account(20, 1)];
    const pids = withDescendants([10, 11], accounts).map(({ pid }) => pid);
    expect(pids.sort()).toEqual([10, 11, 12]);
  });

  test('leaves out a root that is gone', () => {
    expect(withDescendants([99], [account(1, 0)])).toEqual([]);
  });
});
