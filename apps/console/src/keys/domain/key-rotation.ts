import type { MadeApiKey } from '@kintsugi/contracts';

export interface KeyRotation {
  rotate: () => Promise<MadeApiKey>;
  /** Shows the new key, which is told once. */
  show: (made: MadeApiKey) => void;
  /** Signs in with it; null where whoever looks came in with another key. */
  enter: ((key: string) => Promise<unknown>) | null;
}

/** Puts a new key in the place of one. Whoever came in with the former one has no session any more: nothing may be asked for before the new one is in its place. */
export async function rotateKey({ rotate, show, enter }: KeyRotation): Promise<void> {
  const made = await rotate();
  show(made);
  // The key is rotated all the same, and shown: whoever reads it can sign in with it.
  await enter?.(made.key).catch(() => undefined);
}
