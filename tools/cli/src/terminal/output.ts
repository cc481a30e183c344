import pc from 'picocolors';
import { LiveView } from './live-view.js';
import { programText } from './program-text.js';

export type Paint = ReturnType<typeof pc.createColors>;

/** A stream that may be a terminal. */
export interface TextStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const columnsMax = 80;

/**
 * Where a command's words go. With `--json`, standard output carries one JSON value and nothing else, and everything
 * said on the way goes to standard error.
 */
export class Output {
  readonly paint: Paint;
  /** Columns that a line may take; 80 at most. */
  readonly columns: number;
  /** Columns that a row of a table may take: all that the terminal has, and as many as it needs where there is none. */
  readonly rowColumns: number;
  private readonly words: TextStream;

  constructor(
    private readonly stdout: TextStream,
    readonly stderr: TextStream,
    readonly json: boolean,
    environment: NodeJS.ProcessEnv = process.env,
  ) {
    this.words = json ? stderr : stdout;
    this.paint = pc.createColors(this.words.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb');
    const terminalColumns = (this.words.isTTY && this.words.columns) || columnsMax;
    this.columns = Math.min(columnsMax, terminalColumns);
    this.rowColumns = this.words.isTTY ? terminalColumns : Infinity;
  }

  /** Whether somebody is watching as it happens. */
  get isLive(): boolean {
    return this.words.isTTY === true;
  }

  /** Says something on the way. */
  say(...lines: string[]): void {
    if (lines.length > 0) this.words.write(`${lines.join('\n')}\n`);
  }

  /** Passes on what a program wrote. With `--json` its text is part of the outcome instead. */
  pass(stream: 'stdout' | 'stderr', text: string): void {
    if (this.json || text === '') return;
    const to = stream === 'stdout' ? this.stdout : this.stderr;
    to.write(to.isTTY ? programText(text) : text);
  }

  /** The outcome: the value as JSON, or the lines for a person. */
  result(value: unknown, lines: () => string[]): void {
    if (this.json) this.stdout.write(`${JSON.stringify(value)}\n`);
    else this.say(...lines());
  }

  /** A part of an outcome of many lines, which are one JSON value each with `--json`. */
  outcome(lines: readonly string[]): void {
    if (lines.length > 0) this.stdout.write(`${lines.join('\n')}\n`);
  }

  /** A part of the screen that is drawn again as things change. */
  live(): LiveView {
    return new LiveView(this.words);
  }
}

export function outputOf(json: boolean): Output {
  return new Output(process.stdout, process.stderr, json);
}
