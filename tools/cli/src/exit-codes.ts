/** What the shell is told, after sysexits.h where it has a word for it. These never change. */
export const exitCodes = {
  ok: 0,
  /** What was asked for did not come about: a watched job failed, a request was refused. */
  failed: 1,
  usage: 64,
  /** The platform, or something it needs, is not there. */
  unavailable: 69,
  settings: 78,
  interrupted: 130,
} as const;

/** The exit code of a program that was run for the user: whatever it was, it becomes ours. */
export function exitCodeOfProgram(code: number): ExitCode {
  return code as ExitCode;
}

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
