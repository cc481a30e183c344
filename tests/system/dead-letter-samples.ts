import { deadLetterActions, deadLetterServices, subjects } from '@kintsugi/contracts';

/** A request of each kind that is asked about dead letters. */
export function deadLetterSamples(): { subject: string; body: object }[] {
  return deadLetterServices.flatMap((service) => {
    const { list, get, replay, discard } = deadLetterActions[service];
    const id = `${service}.EVENTS.17.1798675200000000000`;
    return [
      {
        subject: subjects.request(service, list),
        body: { limit: 5, reason: 'INTERNAL', cursor: `2027-01-01T00:00:00.000Z_${id}` },
      },
      ...[get, replay, discard].map((action) => ({ subject: subjects.request(service, action), body: { id } })),
    ];
  });
}
