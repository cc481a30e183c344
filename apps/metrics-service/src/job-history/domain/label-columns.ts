/** Labels that jobs of one part have: eight bytes each. */
const partLabelsMax = 500_000;

export interface LabelsHead {
  /** `key=value`, each once. */
  pairs: string[];
  /** How many labels the jobs have together. */
  count: number;
}

/** Lays the labels of jobs down beside their other columns: which job has which of them. */
export class LabelsWriter {
  private readonly jobs: number[] = [];
  private readonly codes: number[] = [];
  private readonly pairs = new Map<string, number>();
  /** Characters of different labels. */
  text = 0;

  get isFull(): boolean {
    return this.jobs.length >= partLabelsMax;
  }

  /** @param job its place among those of its part */
  add(job: number, labels: Readonly<Record<string, string>>): void {
    for (const label of Object.entries(labels)) {
      const pair = label.join('=');
      const known = this.pairs.get(pair);
      if (known === undefined) {
        this.text += pair.length;
        this.pairs.set(pair, this.pairs.size);
      }
      this.jobs.push(job);
      this.codes.push(known ?? this.pairs.size - 1);
    }
  }

  head(): LabelsHead {
    return { pairs: [...this.pairs.keys()], count: this.jobs.length };
  }

  /** The jobs, and behind them as many labels. */
  bytes(): Buffer {
    return Buffer.from(Uint32Array.from([...this.jobs, ...this.codes]).buffer);
  }
}

export class LabelsPart {
  private readonly values: Uint32Array;

  constructor(
    private readonly head: LabelsHead,
    bytes: Buffer,
  ) {
    // An array of wide values has to begin at a multiple of their width.
    this.values = new Uint32Array(new Uint8Array(bytes).buffer, 0, 2 * head.count);
  }

  /** Tells the place of each job that has a text, in lower case, in a label. */
  each(text: string, tell: (job: number) => void): void {
    const { pairs, count } = this.head;
    const codes = codesWith(pairs, text);
    if (codes.size === 0) return;
    for (let at = 0; at < count; at += 1) {
      if (codes.has(this.values[count + at] as number)) tell(this.values[at] as number);
    }
  }
}

/** Places of the values that a text, in lower case, stands in. */
export function codesWith(values: readonly string[], text: string): ReadonlySet<number> {
  return new Set(values.flatMap((value, code) => (value.toLowerCase().includes(text) ? code : [])));
}
