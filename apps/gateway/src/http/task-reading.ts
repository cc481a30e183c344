import type { InexactNumbers } from '@kintsugi/contracts';
import type { Turns } from '@kintsugi/hosting';

/** How tasks are read: in whose turns of the loop, and what becomes of numbers that no double holds. */
export class TaskReading {
  constructor(
    readonly turns: Turns,
    readonly numbers: InexactNumbers,
  ) {}
}
