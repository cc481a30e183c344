import { wrapWords } from './wrap-words.mjs';

/** Tells of the set-up on standard error: one line a step, with the time it took. */
export class Progress {
  constructor(stream = process.stderr) {
    this.stream = stream;
    this.lines = 0;
  }

  /** Begins the line of a step. Returns how to change what it says meanwhile and how to end it. */
  begin(step, activity) {
    const startedAt = performance.now();
    const label = `  ${step.padEnd(14)}`;
    this.lines += 1;
    let shown = '';
    const show = (text) => {
      if (text === shown) return;
      shown = text;
      if (this.stream.isTTY) {
        this.stream.write(`\r\u001b[K${label}${text.slice(0, (this.stream.columns ?? 80) - label.length - 1)}`);
      }
    };
    const end = (text) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      this.stream.write(`${this.stream.isTTY ? '\r\u001b[K' : ''}${label}${text} (${seconds} s)\n`);
    };
    show(activity);
    return { show, end };
  }

  /** A line of its own, or more where it is long. */
  say(text) {
    this.stream.write(`${wrapWords(text, '  ')}\n`);
  }
}
