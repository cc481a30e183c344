/** A pause that ends after its time, or as soon as there may be something to do. */
export class WakeablePause {
  private end: () => void = () => undefined;

  constructor(private readonly milliseconds: number) {}

  take(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.milliseconds);
      this.end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    this.end();
  }
}
