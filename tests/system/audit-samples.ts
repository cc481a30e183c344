import { subjects } from '@kintsugi/contracts';

/** A request of each kind that is asked about the audit. */
export function auditSamples(): { subject: string; body: object }[] {
  const filters = { actor: 'ada', since: '2027-01-01T00:00:00.000Z', limit: 5, cursor: '7' };
  const note = { phase: 'asked', call: null, action: 'addSlot', by: [], given: null, before: null, after: null, problem: null };
  const kept = { subject: subjects.request('recovery', 'keepAudit'), body: { note } };
  const read = (['job', 'recovery', 'metrics'] as const).flatMap((service) => {
    const name = `${service.charAt(0).toUpperCase()}${service.slice(1)}Audit`;
    const subjectOf = (verb: string): string => subjects.request(service, `${verb}${name}`);
    return [
      { subject: subjectOf('list'), body: filters },
      { subject: subjectOf('export'), body: { after: 3 } },
    ];
  });
  return [kept, ...read];
}
