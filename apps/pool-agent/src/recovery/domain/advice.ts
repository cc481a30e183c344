import type { Slot } from '../../slots/domain/slot.js';

/** What a person does about a slot that does not heal by itself, in the order in which it is worth trying. */
export function adviceFor({ slot_id, pool, metadata }: Slot, path: string, end: 'isolated' | 'held'): string[] {
  const again = `kintsugi pool recover ${slot_id}`;
  const host = [`Look at the room on the disk: df -h ${path}`, `Look at who owns the files: ls -la ${path}`];
  if (end === 'held') return [...host, 'See whether the repository can be reached from this host.', `Then try again: ${again}`];
  return [
    ...host,
    `Look at the repository by hand: git --git-dir=${path}/.git fsck --full`,
    ...(metadata.failed_recoveries > 1 ? [`This is repair number ${metadata.failed_recoveries} that has failed.`] : []),
    `Make the slot anew: kintsugi pool remove-slot ${slot_id} --force && kintsugi pool add-slot ${pool}`,
  ];
}
