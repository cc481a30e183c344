/** How the process of a handler came to its end in the middle of a task. */
export interface HandlerEnd {
  exitCode: number | null;
  signal: string | null;
  /** Why it could not be started, as the system says. */
  startFault: string | null;
}

/** What the end of a handler's process is called, and what is said of it. */
export function failureOfEnd({ exitCode, signal, startFault }: HandlerEnd): { error_type: string; message: string } {
  if (startFault !== null) {
    return { error_type: 'process.not_started', message: `The process of the handler could not be started: ${startFault}` };
  }
  if (signal !== null) return { error_type: `process.signal.${signal}`, message: `${signal} ended the process of the handler` };
  return { error_type: `process.exit.${exitCode}`, message: `The process of the handler ended with exit code ${exitCode}` };
}
