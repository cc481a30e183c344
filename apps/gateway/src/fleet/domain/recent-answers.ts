interface Answer<Value> {
  value: Promise<Value>;
  /** When it came; null while it is waited for. */
  at: number | null;
}

/** Answers that are dear to come by, each for whoever asks while it is made or a while after; those that failed are not kept. */
export class RecentAnswers<Key, Value> {
  private readonly answers = new Map<Key, Answer<Value>>();

  constructor(
    private readonly keptMs: number,
    private readonly now: () => number,
  ) {}

  of(key: Key, make: () => Promise<Value>): Promise<Value> {
    this.forgetOld();
    const known = this.answers.get(key);
    if (known) return known.value;
    const answer: Answer<Value> = { value: make(), at: null };
    this.answers.set(key, answer);
    answer.value.then(
      () => (answer.at = this.now()),
      () => this.answers.delete(key),
    );
    return answer.value;
  }

  private forgetOld(): void {
    for (const [key, { at }] of this.answers) if (at !== null && this.now() - at >= this.keptMs) this.answers.delete(key);
  }
}
