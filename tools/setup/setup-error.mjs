import { wrapWords } from './wrap-words.mjs';

/** Exit codes of the command, as in sysexits.h. */
export const exitCodes = { ok: 0, failed: 1, usage: 64, unavailable: 69, settings: 78 };

/** A set-up that can't go on: which step, why, and what to do. */
export class SetupError extends Error {
  constructor(step, reason, advice, exitCode = exitCodes.unavailable) {
    super(reason);
    this.name = 'SetupError';
    this.step = step;
    this.advice = advice;
    this.exitCode = exitCode;
  }

  /** Two lines or more for a person. */
  describe() {
    return `${wrapWords(`Set-up failed at "${this.step}": ${this.message}\nWhat to do: ${this.advice}`)}\n`;
  }
}
