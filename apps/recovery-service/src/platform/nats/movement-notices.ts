import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { subjects } from '@kintsugi/contracts';
import { Acts } from '@kintsugi/hosting';
import { Bus } from '@kintsugi/messaging';
import { Stillness } from '../stillness.js';

/** Tells the replicas that something has come in, each time for so long a part of what they take for stillness. */
const noticesPerRest = 4;

/** Has all replicas know of what came in by one of them: the one that leads has timers to keep for it. */
@Injectable()
export class MovementNotices implements OnApplicationBootstrap {
  private toldAt = -Infinity;

  constructor(
    private readonly bus: Bus,
    private readonly stillness: Stillness,
    private readonly acts: Acts,
  ) {}

  onApplicationBootstrap(): void {
    this.bus.subscribe(subjects.recoveryMoved, () => this.stillness.noteMovement());
    // What others have told meanwhile went past it.
    this.bus.onState((state) => {
      if (state === 'up') this.stillness.noteMovement();
    });
    this.acts.onAct(() => this.tell());
  }

  /** What came in is written: whoever looks for it from now on finds it. */
  tell(): void {
    const now = performance.now();
    const isToldAnew = this.stillness.isStill || now - this.toldAt > this.stillness.restMs / noticesPerRest;
    this.stillness.noteMovement();
    if (!isToldAnew || this.bus.state === 'down') return;
    this.toldAt = now;
    this.bus.publish(subjects.recoveryMoved, '');
  }
}
