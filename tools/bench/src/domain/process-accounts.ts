/** What the kernel says about one process at one time, as far as a benchmark needs it. */
export interface ProcessAccount {
  pid: number;
  parentPid: number;
  /** CPU time of the process and of those of its children that have ended, user and system. */
  cpuMs: number;
}

export interface ProcessMemory {
  rssKb: number;
  /** Shared pages divided by those who share them, so that a sum over processes counts each page once. */
  pssKb: number;
}

/** A clock tick of /proc: 100 a second on every Linux that Node runs on. */
const tickMs = 10;

/** Reads /proc/<pid>/stat. The name in it may hold spaces and brackets, so fields are counted from its end. */
export function parseProcessStat(text: string): ProcessAccount {
  const [, ppid, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = rest.slice(9, 13).map(Number);
  return {
    pid: Number.parseInt(text, 10),
    parentPid: Number(ppid),
    cpuMs: ticks.reduce((sum, value) => sum + value, 0) * tickMs,
  };
}

/** Reads /proc/<pid>/smaps_rollup. */
export function parseMemoryRollup(text: string): ProcessMemory {
  const of = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1] ?? 0);
  return { rssKb: of('Rss'), pssKb: of('Pss') };
}

/** The given processes and all that descend from them, each once. */
export function withDescendants(roots: readonly number[], accounts: readonly ProcessAccount[]): ProcessAccount[] {
  const childrenOf = new Map<number, ProcessAccount[]>();
  for (const account of accounts) childrenOf.set(account.parentPid, [...(childrenOf.get(account.parentPid) ?? []), account]);
  const found = new Map<number, ProcessAccount>();
  const open = accounts.filter(({ pid }) => roots.includes(pid));
  for (let account = open.pop(); account; account = open.pop()) {
    if (found.has(account.pid)) continue;
    found.set(account.pid, account);
    open.push(...(childrenOf.get(account.pid) ?? []));
  }
  return [...found.values()];
}
