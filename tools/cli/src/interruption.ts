/** Ctrl-C and a request to end, as a signal that what is under way listens to. */
export class Interruption {
  private readonly controller = new AbortController();
  private readonly listener = (): void => this.controller.abort();

  constructor() {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, this.listener);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get happened(): boolean {
    return this.controller.signal.aborted;
  }

  /** From here on the signals end the process again. */
  release(): void {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(name, this.listener);
  }
}
