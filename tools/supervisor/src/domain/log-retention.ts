/** A log file that was set aside when it had grown to its limit, such as `gateway.2026-01-31T08-15-00-000Z.log`. */
export interface SetAsideLog {
  fileName: string;
  /** The process it belongs to. */
  owner: string;
  setAsideAt: Date;
}

/** However young they are, no more than these are kept of one process: a log storm must not fill the disk. */
const keptOfOneProcess = 5;

const millisecondsOfDay = 24 * 3600 * 1000;

const pattern = /^([^.]+)\.(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.log$/;

export function nameOfSetAsideLog(owner: string, now: Date): string {
  return `${owner}.${now.toISOString().replace(/[:.]/g, '-')}.log`;
}

/** What the name of a file in the log folder says, or null for a log that is being written. */
export function readSetAsideLog(fileName: string): SetAsideLog | null {
  const match = pattern.exec(fileName);
  if (!match) return null;
  const [, owner, date, hours, minutes, seconds, milliseconds] = match;
  return { fileName, owner: owner!, setAsideAt: new Date(`${date}T${hours}:${minutes}:${seconds}.${milliseconds}Z`) };
}

/** The file of a log folder that was set aside before all others; null where there is none. */
export function oldestSetAside(fileNames: readonly string[]): string | null {
  const logs = fileNames.map(readSetAsideLog).filter((log) => log !== null);
  return logs.sort((one, other) => one.setAsideAt.getTime() - other.setAsideAt.getTime())[0]?.fileName ?? null;
}

/** The files of a log folder that have outlived their time or their number. */
export function outdatedLogs(fileNames: string[], now: Date, retentionDays: number): string[] {
  const newestFirst = fileNames
    .map(readSetAsideLog)
    .filter((log) => log !== null)
    .sort((one, other) => other.setAsideAt.getTime() - one.setAsideAt.getTime());
  const kept = new Map<string, number>();
  return newestFirst
    .filter(({ owner, setAsideAt }) => {
      const rank = (kept.get(owner) ?? 0) + 1;
      kept.set(owner, rank);
      return rank > keptOfOneProcess || now.getTime() - setAsideAt.getTime() > retentionDays * millisecondsOfDay;
    })
    .map(({ fileName }) => fileName);
}
