import { expect, test } from '@jest/globals';
import { natsActor, type AuditEntry, type AuditPart } from '@kintsugi/contracts';
import { isAbout, visibleTo } from './audit-view.js';

const bundle = 'job_01890a5d-ac96-774b-bcce-b302099a8057';
const part = (tenant: string, ...subjects: string[]): AuditPart => ({ actor: natsActor, tenant, request_id: null, subjects });
const entry = { by: [part('red', `${bundle}.0-9`), part('blue', `${bundle}.10`, `${bundle}.12-20`)] } as unknown as AuditEntry;

test('who is bound to a tenant sees of jobs that came in together his own', () => {
  expect(visibleTo(entry, 'blue').by.map(({ tenant }) => tenant)).toEqual(['blue']);
  expect(visibleTo(entry, null)).toBe(entry);
});

test('a job is found among its neighbours, and at no other place', () => {
  expect([0, 9, 10, 12, 20].map((place) => isAbout(entry, `${bundle}.${place}`))).toEqual([true, true, true, true, true]);
  expect([isAbout(entry, `${bundle}.11`), isAbout(entry, `${bundle}.21`), isAbout(entry, bundle)]).toEqual([false, false, false]);
  expect(isAbout(visibleTo(entry, 'blue'), `${bundle}.3`)).toBe(false);
});
