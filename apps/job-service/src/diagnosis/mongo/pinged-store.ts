import { Injectable } from '@nestjs/common';
import { Store } from '@kintsugi/persistence';
import type { StorePulse } from '../store-pulse.js';

/** Asks MongoDB, and waits no longer for its answer than a ping may take. */
@Injectable()
export class PingedStore implements StorePulse {
  constructor(private readonly store: Store) {}

  beats(): Promise<boolean> {
    return this.store.ping().then(
      () => true,
      () => false,
    );
  }
}
