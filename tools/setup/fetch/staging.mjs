import { mkdirSync, renameSync, rmSync } from 'node:fs';

/**
 * Makes a folder or file appear whole or not at all: `fill` gets an empty folder beside it and returns what of it is
 * to become the target. What an interrupted set-up left there is removed first.
 */
export async function publish(target, fill) {
  const staging = `${target}.partial`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  try {
    const filled = await fill(staging);
    rmSync(target, { recursive: true, force: true });
    renameSync(filled, target);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}
