/** Signals a process and all that it has started in its group. */
export function signalGroup(leader: number, name: NodeJS.Signals): void {
  try {
    process.kill(-leader, name);
  } catch {
    // All of it has ended.
  }
}
