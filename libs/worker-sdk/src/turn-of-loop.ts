import { soon } from '@kintsugi/boundary';

/** What comes meanwhile, such as a more urgent task, waits in its socket. */
const turnMs = 2;

/** How long there is time in one turn of the event loop for what could go on without an end. */
export class TurnOfLoop {
  private until: number | null = null;

  /** @param onNext called when the next turn begins */
  constructor(private readonly onNext: () => void) {}

  get isOver(): boolean {
    const now = performance.now();
    if (this.until === null) {
      this.until = now + turnMs;
      soon('turn-of-loop', () => {
        this.until = null;
        this.onNext();
      });
    }
    return now >= this.until;
  }
}
