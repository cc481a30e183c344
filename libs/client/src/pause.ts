/** Between half a time and one and a half: many that lose a server in the same moment must not all come back in one. */
export function spread(timeMs: number): number {
  return timeMs * (0.5 + Math.random());
}

/** Waits, or throws the signal's reason as soon as it is aborted. */
export async function pause(timeMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, timeMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
