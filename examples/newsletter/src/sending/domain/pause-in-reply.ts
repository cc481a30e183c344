const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Longer than any server means; what asks for more is taken for a slip. */
const pauseMsMax = 24 * 3_600_000;

const pause =
  /\b(?:in|for|after|wait|again)\s+(?:at least\s+|about\s+)?(\d{1,6})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hours?)\b/i;

/** How long a server's reply asks to wait, as in `421 4.7.0 try again in 2 seconds`; undefined when it does not say. */
export function pauseInReply(reply: string): number | undefined {
  const [, amount, unit] = pause.exec(reply) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const ms = Number(amount) * (unitMs[unit.charAt(0).toLowerCase()] ?? 0);
  return ms <= pauseMsMax ? ms : undefined;
}
