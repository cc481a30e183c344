import type { Actor } from '@kintsugi/contracts';
import type { Caller } from './domain/known-keys.js';

const keptMax = 1_000;

/** The actors of this door. The same caller is the same object, whose text is made once. */
export class Actors {
  private readonly kept = new Map<string, Actor>();

  of({ keyId, role, tenant }: Caller, address: string): Actor {
    const name = `${keyId} ${role} ${tenant} ${address}`;
    const known = this.kept.get(name);
    if (known) return known;
    // Who is on this machine while AUTH is off has no name of its own.
    const actor: Actor = { key: keyId, name: keyId ?? 'local', role, tenant, door: 'http', address };
    if (this.kept.size >= keptMax) this.kept.clear();
    this.kept.set(name, actor);
    return actor;
  }
}
