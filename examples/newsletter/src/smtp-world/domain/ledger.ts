/** What the world has seen, counted without knowing of the platform. */
export interface LedgerReport {
  /** Messages accepted, those that came again too. */
  delivered: number;
  /** Addresses that got any. */
  unique: number;
  /** Those of them that their address had got before, told by their RUN_KEY. */
  repeats: number;
  /** Refusals by reply code. */
  refused: Record<string, number>;
  resets: number;
  /** Messages that were never answered. */
  unanswered: number;
}

/** Keeps count of deliveries by recipient and RUN_KEY. */
export class Ledger {
  private delivered = 0;
  private repeats = 0;
  private resets = 0;
  private unanswered = 0;
  private readonly addresses = new Set<string>();
  private readonly deliveries = new Set<string>();
  private readonly refusedByCode = new Map<number, number>();

  /** An accepted message; one without a RUN_KEY can't be known again. */
  deliver(address: string, runKey: string | undefined): void {
    const mailbox = address.toLowerCase();
    this.delivered += 1;
    this.addresses.add(mailbox);
    if (runKey === undefined) return;
    const delivery = `${mailbox} ${runKey}`;
    if (this.deliveries.has(delivery)) this.repeats += 1;
    this.deliveries.add(delivery);
  }

  refuse(code: number): void {
    this.refusedByCode.set(code, (this.refusedByCode.get(code) ?? 0) + 1);
  }

  reset(): void {
    this.resets += 1;
  }

  stayedSilent(): void {
    this.unanswered += 1;
  }

  report(): LedgerReport {
    return {
      delivered: this.delivered,
      unique: this.addresses.size,
      repeats: this.repeats,
      refused: Object.fromEntries(this.refusedByCode),
      resets: this.resets,
      unanswered: this.unanswered,
    };
  }
}
