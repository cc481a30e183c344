/** A fault that nobody else took: where it came up, and how many of its kind have since the last one that was told. */
export interface EscapedFault {
  kind: string;
  error: unknown;
  count: number;
}

/** Where a process counts and tells what its boundaries hold back. */
export interface EscapedFaultSink {
  count(kind: string): void;
  tell(fault: EscapedFault): void;
}

const tellIntervalMs = 10_000;

interface Told {
  at: number;
  untold: number;
}

/** Of a host that has said nothing else: a worker's is not ours, and its warnings go where it sends them. */
const warnings: EscapedFaultSink = {
  count: () => undefined,
  tell: ({ kind, error, count }) =>
    process.emitWarning(`A fault in ${kind} was held back (${count}): ${describe(error)}`, 'KintsugiFault'),
};

const told = new Map<string, Told>();
let sink = warnings;

/** From now on the faults that escape in this process go there. */
export function sendEscapedFaultsTo(next: EscapedFaultSink): void {
  sink = next;
}

/** Counts a fault that would have ended the process, and tells it: each kind at once, then not more often than every ten seconds. Never throws. */
export function noteEscaped(kind: string, error: unknown): void {
  try {
    sink.count(kind);
    const entry = told.get(kind) ?? { at: -Infinity, untold: 0 };
    told.set(kind, entry);
    entry.untold += 1;
    if (performance.now() - entry.at < tellIntervalMs) return;
    const fault = { kind, error, count: entry.untold };
    entry.at = performance.now();
    entry.untold = 0;
    sink.tell(fault);
  } catch {
    // Nothing is left to tell it with.
  }
}

function describe(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'a value that cannot be shown';
  }
}
