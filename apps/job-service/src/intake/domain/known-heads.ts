import { decodeUtf8, faultsOfTask, nestsTooDeep, parseJson, type InexactNumbers, type JobHead } from '@kintsugi/contracts';

/** A head, and the text of its job before and behind the one task. */
interface KnownHead {
  before: string;
  behind: string;
  beforeBytes: number;
  behindBytes: number;
  head: JobHead;
}

/** As many as a look at each costs nothing. */
const keptMax = 8;
const openBrace = '{';
const closeBrace = '}';

/**
 * Heads of single-task jobs that came lately and were good. Who sends many jobs says the same head again and again, and to scan,
 * parse and check it each time costs more than all else of its job. Only the task is read of a job whose text around it is known.
 */
export class KnownHeads {
  private readonly known: KnownHead[] = [];

  constructor(private readonly numbers: InexactNumbers) {}

  /** The job, where its head is known and its task is good; null where more has to be looked at to tell what it is. */
  read(bytes: Uint8Array): { head: JobHead; line: string } | null {
    if (this.known.length === 0) return null;
    try {
      const text = decodeUtf8(bytes);
      const found = this.find(text);
      if (!found) return null;
      // A slice of the text would keep the whole of it in memory for as long as the task is there.
      const line = decodeUtf8(bytes.subarray(found.beforeBytes, bytes.length - found.behindBytes));
      return this.isGoodTask(line) && !nestsTooDeep(text) ? { head: found.head, line } : null;
    } catch {
      // What is wrong with it is told by who reads it whole.
      return null;
    }
  }

  /**
   * @param bytes the job, which was read whole and is good
   * @param listStart where the inside of its list of one task begins
   * @param listEnd where it ends
   */
  learn(bytes: Uint8Array, listStart: number, listEnd: number, head: JobHead): void {
    const before = decodeUtf8(bytes.subarray(0, listStart));
    const behind = decodeUtf8(bytes.subarray(listEnd));
    // It may be known, and its task had to be looked at more closely.
    if (this.known.some((other) => other.before === before && other.behind === behind)) return;
    const sizes = { beforeBytes: listStart, behindBytes: bytes.length - listEnd };
    this.known.unshift({ before, behind, ...sizes, head: frozen(head) });
    if (this.known.length > keptMax) this.known.pop();
  }

  /** What was asked for last comes first. */
  private find(text: string): KnownHead | null {
    const { known } = this;
    for (let place = 0; place < known.length; place += 1) {
      const candidate = known[place] as KnownHead;
      const { before, behind } = candidate;
      if (before.length + behind.length > text.length || !text.startsWith(before) || !text.endsWith(behind)) continue;
      if (place > 0) {
        known.splice(place, 1);
        known.unshift(candidate);
      }
      return candidate;
    }
    return null;
  }

  /** One object, from its first character to its last, of a text that can stay as it came. */
  private isGoodTask(line: string): boolean {
    if (!line.startsWith(openBrace) || !line.endsWith(closeBrace) || /[\n\r]/.test(line)) return false;
    const task = parseJson(line, '', this.numbers);
    return faultsOfTask(task, '').length === 0 && !('depends_on' in (task as object));
  }
}

/** It is the head of many jobs: what changed it would change them all. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}
