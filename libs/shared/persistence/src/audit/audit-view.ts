import { ProblemError, type AuditEntry } from '@kintsugi/contracts';

/** An entry as somebody may see it who is bound to a tenant: of jobs that came in together his own. */
export function visibleTo(entry: AuditEntry, boundTo: string | null): AuditEntry {
  if (boundTo === null) return entry;
  return { ...entry, by: entry.by.filter(({ tenant }) => tenant === boundTo) };
}

/** @throws where whoever asks for a whole chain is bound to a tenant */
export function refuseBound(boundTo: string | null): void {
  if (boundTo === null) return;
  throw new ProblemError('FORBIDDEN', `This key is bound to the tenant ${boundTo}. The chain as a whole is of all tenants.`);
}

/** Whether an entry is about something: by its name, or as a job at one of the places that it names of a bundle. */
export function isAbout({ by }: AuditEntry, subject: string): boolean {
  return by.some(({ subjects }) => subjects.some((named) => named === subject || isWithin(subject, named)));
}

function isWithin(jobId: string, named: string): boolean {
  const places = /^(job_[0-9a-f-]{36})\.(\d+)-(\d+)$/.exec(named);
  const job = /^(job_[0-9a-f-]{36})\.(\d+)$/.exec(jobId);
  if (!places || !job || places[1] !== job[1]) return false;
  return Number(places[2]) <= Number(job[2]) && Number(job[2]) <= Number(places[3]);
}
