import type { Problem, ProblemCode } from '@kintsugi/contracts';
import { exitCodes, type ExitCode } from './exit-codes.js';

/** Codes of failures that have nothing to do with a request; the others come from the problem catalogue. */
type OwnCode =
  'USAGE' | 'UNREACHABLE' | 'SETTINGS' | 'UNAVAILABLE' | 'FILE_UNREADABLE' | 'KEY_REFUSED' | 'NOT_AS_EXPECTED' | 'FAULT';

const exitCodeOf: Record<OwnCode, ExitCode> = {
  USAGE: exitCodes.usage,
  UNREACHABLE: exitCodes.unavailable,
  UNAVAILABLE: exitCodes.unavailable,
  SETTINGS: exitCodes.settings,
  FILE_UNREADABLE: exitCodes.failed,
  KEY_REFUSED: exitCodes.failed,
  NOT_AS_EXPECTED: exitCodes.failed,
  FAULT: exitCodes.failed,
};

/** A failure as `--json` tells it. */
export interface FailureDetails extends Partial<Omit<Problem, 'code'>> {
  code: OwnCode | ProblemCode;
  detail: string;
  advice?: string;
  log?: string[];
  exit_code: ExitCode;
}

/** Why a command did not do what it was asked, and what to do about it. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: ExitCode;
  readonly advice: string | undefined;
  /** Lines of a log that tell more. */
  readonly log: string[];
  readonly problem: Problem | undefined;

  constructor(
    readonly code: OwnCode | ProblemCode,
    message: string,
    more: { advice?: string; log?: string[]; problem?: Problem; exitCode?: ExitCode } = {},
  ) {
    super(message);
    this.exitCode = more.exitCode ?? (code in exitCodeOf ? exitCodeOf[code as OwnCode] : exitCodes.failed);
    this.advice = more.advice;
    this.log = more.log ?? [];
    this.problem = more.problem;
  }

  /** What another run of the command line said with `--json`. */
  static fromJson({ error }: { error: FailureDetails }): Failure {
    const { code, detail, advice, log, exit_code } = error;
    return new Failure(code, detail, { ...(advice ? { advice } : {}), ...(log ? { log } : {}), exitCode: exit_code });
  }

  /** The same, with its words as they may be shown. */
  shown(words: (text: string) => string): Failure {
    const { message, advice, log, problem } = this;
    const shown = JSON.parse(words(JSON.stringify({ message, advice, log, problem }))) as typeof this;
    return new Failure(this.code, shown.message, {
      log: shown.log,
      exitCode: this.exitCode,
      ...(shown.advice === undefined ? {} : { advice: shown.advice }),
      ...(shown.problem ? { problem: shown.problem } : {}),
    });
  }

  /** The one JSON value of a command that failed with `--json`. */
  toJson(): { error: FailureDetails } {
    const { code, message, advice, log, problem, exitCode } = this;
    const more = { ...(advice ? { advice } : {}), ...(log.length > 0 ? { log } : {}) };
    return { error: { ...problem, code, detail: message, ...more, exit_code: exitCode } };
  }
}
