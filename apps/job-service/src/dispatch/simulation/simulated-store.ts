import type { Reach } from '../../tasks/chunk-record-in-memory.js';

interface Call {
  by: string;
  /** Carries the operation out, and gives what brings its answer back. */
  carryOut: () => () => void;
  fail: () => void;
}

/** The way to the stored chunks: whoever steers the simulation says when an operation arrives, and when its answer does. */
export class SimulatedStore {
  private calls: Call[] = [];
  private answers: { by: string; bring: () => void }[] = [];
  /** Operations whose asker has given them up or died: they may still arrive. */
  private orphans: Call[] = [];

  /** @param onArrived called after each operation */
  constructor(private readonly onArrived: () => void) {}

  reachOf(by: string): Reach {
    return (operation) =>
      new Promise((resolve, reject) => {
        this.calls.push({
          by,
          carryOut: () => {
            const answer = operation();
            this.onArrived();
            return () => resolve(answer);
          },
          fail: () => reject(Object.assign(new Error('away'), { name: 'MongoNetworkError' })),
        });
      });
  }

  get waiting(): number {
    return this.calls.length;
  }

  answered(isHearing: (by: string) => boolean): number[] {
    return this.answers.flatMap(({ by }, position) => (isHearing(by) ? [position] : []));
  }

  get late(): number {
    return this.orphans.length;
  }

  arrive(position: number): void {
    const [call] = this.calls.splice(position, 1);
    if (call) this.answers.push({ by: call.by, bring: call.carryOut() });
  }

  answer(position: number): void {
    const [answer] = this.answers.splice(position, 1);
    answer?.bring();
  }

  /** The connection breaks under an operation: it has arrived, or may still do so. */
  cut(position: number, hasArrived: boolean): void {
    const [call] = this.calls.splice(position, 1);
    if (!call) return;
    if (hasArrived) call.carryOut();
    else this.orphans.push(call);
    call.fail();
  }

  arriveLate(position: number): void {
    const [call] = this.orphans.splice(position, 1);
    call?.carryOut();
  }

  /** Of a process that has died the operations may still arrive, and nobody hears the answers. */
  leave(by: string): void {
    this.orphans.push(...this.calls.filter((call) => call.by === by));
    this.calls = this.calls.filter((call) => call.by !== by);
    this.answers = this.answers.filter((answer) => answer.by !== by);
  }
}
