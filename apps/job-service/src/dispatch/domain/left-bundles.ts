/** Bundles of one user that are remembered, and users. Those beyond are found in the order in which they were accepted. */
const bundlesMax = 64;
const usersMax = 1_000;

/** Which bundles of whom were left in the store, because enough of his is in memory: jobs with a record are known by that, these are not. */
export class LeftBundles {
  private readonly ids = new Map<string, string[]>();

  note(user: string, id: string): void {
    const known = this.ids.get(user);
    if (known && known.length < bundlesMax) known.push(id);
    if (!known && this.ids.size < usersMax) this.ids.set(user, [id]);
  }

  has(user: string): boolean {
    return this.ids.has(user);
  }

  /** Hands over the first of a user. */
  take(user: string, most: number): string[] {
    const known = this.ids.get(user) ?? [];
    const taken = known.splice(0, most);
    if (known.length === 0) this.ids.delete(user);
    return taken;
  }

  clear(): void {
    this.ids.clear();
  }
}
