import { gzipSync } from 'node:zlib';
import { subjects } from '@kintsugi/contracts';
import { respond, type Bus, type FaultListener } from '@kintsugi/messaging';
import type { SelfReport } from './self-report.js';

export interface FleetMember {
  self: SelfReport;
  /** `host:port` at which this process answers for itself; null while it does not. */
  opsAddress: () => string | null;
  onFault: FaultListener;
}

/**
 * Answers the two questions that are put to every process: its metrics and its health. Metrics are compressed: those of
 * a hundred job types are a mebibyte of text, which says the same names over and over.
 */
export function answerFleet(bus: Bus, { self, opsAddress, onFault }: FleetMember): void {
  const asText = (text: string): string | Uint8Array => text;
  const answer = (subject: string, give: () => Promise<object>, encode = asText): void => {
    bus.subscribe(subject, (message) => {
      give()
        .then((given) => respond(message, encode(JSON.stringify(given))))
        .catch((error: unknown) => onFault(error, { subject }));
    });
  };
  answer(subjects.metrics, () => self.scrape(), gzipSync);
  answer(subjects.health, async () => ({ ...(await self.readiness()), ops: opsAddress() }));
}
