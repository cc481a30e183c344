/** Calls `submit` for 0 to `count` - 1, each once, with at most `window` calls under way. */
export async function inWindow(count: number, window: number, submit: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await submit(index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(window, count) }, lane));
}
