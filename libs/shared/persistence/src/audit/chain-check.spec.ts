import { describe, expect, test } from '@jest/globals';
import { natsActor, type AuditEntry, type AuditHead } from '@kintsugi/contracts';
import { chainStart, headOfEntry, linked, type AuditDraft } from './audit-chain.js';
import { AuditKey } from './audit-key.js';
import { ChainCheck, type ChainFault } from './chain-check.js';

const key = AuditKey.fromPem(AuditKey.generatePem());
const keys = [key.publicKey];

function draft(number: number): AuditDraft {
  return {
    ...{ at: '2027-01-01T00:00:00.000Z', instance: 'a', phase: 'done', call: null, action: 'pauseJob', problem: null },
    by: [{ actor: natsActor, tenant: 'default', request_id: null, subjects: [`job_${number}`] }],
    ...{ given: { stop: true }, before: null, after: { status: 'paused', priority: number } },
  };
}

function chainOf(drafts: readonly AuditDraft[], by: AuditKey | null = key): AuditEntry[] {
  let end = chainStart;
  return drafts.map((one) => {
    const entry = linked('job', one, end, by);
    end = entry;
    return entry;
  });
}

const chain = chainOf([1, 2, 3, 4, 5].map(draft));
const head = headOfEntry(chain[4] as AuditEntry);

function check(entries: readonly AuditEntry[], kept: AuditHead | null = head, trusted = keys): ChainFault | null {
  const checking = new ChainCheck('job', { keys: trusted });
  for (const entry of entries) {
    const fault = checking.take(entry);
    if (fault) return fault;
  }
  return checking.finish(kept);
}

const at = (seq: number): AuditEntry => chain[seq - 1] as AuditEntry;

describe('a chain', () => {
  test('is good as it was written, also where its end was not kept yet, and read from text with other order of keys', () => {
    expect(check(chain)).toBeNull();
    expect(check(chain, headOfEntry(at(3)))).toBeNull();
    expect(check(chain, null)).toBeNull();
    const read = chain.map((entry) => Object.fromEntries(Object.entries(entry).reverse()) as unknown as AuditEntry);
    expect(check(read)).toBeNull();
  });

  test('is good with halves of characters in what was asked for, which a database gives back as something else', () => {
    const halves = chainOf([{ ...draft(1), given: { types: ['\ud800', 'a\udc00b'] } }]);
    const stored = JSON.parse(JSON.stringify(halves), (_, part: unknown) =>
      typeof part === 'string' ? part.toWellFormed() : part,
    );
    expect(check(stored as AuditEntry[], null)).toBeNull();
  });

  test('names an entry that was edited, whatever of it', () => {
    const edits: Partial<AuditEntry>[] = [
      { after: { status: 'running', priority: 3 } },
      { at: '2027-01-02T00:00:00.000Z' },
      { action: 'cancelJob' },
      { by: [] },
      { problem: 'X' },
    ];
    for (const edit of edits) {
      expect(check(chain.with(2, { ...at(3), ...edit }))).toMatchObject({ kind: 'edited', seq: 3 });
    }
  });

  test('names the first of those that were deleted from between', () => {
    expect(check(chain.toSpliced(1, 2))).toMatchObject({ kind: 'missing', seq: 2, detail: 'Entries 2 to 3 are gone.' });
    expect(check(chain.slice(1))).toMatchObject({ kind: 'missing', seq: 1 });
  });

  test('names one that was inserted, as itself or in the place of another', () => {
    expect(check(chain.toSpliced(2, 0, at(2)))).toMatchObject({ kind: 'inserted', seq: 2 });
    const foreign = linked('job', draft(9), at(2), null);
    expect(check([...chain.slice(0, 2), foreign, ...chain.slice(2)])).toMatchObject({ kind: 'forged', seq: 3 });
    expect(check([...chain, linked('job', draft(9), at(5), null)])).toMatchObject({ kind: 'forged', seq: 6 });
    expect(check([...chain, { ...at(5), seq: 6 }])).toMatchObject({ kind: 'edited', seq: 6 });
    expect(check([at(1), linked('recovery', draft(2), at(1), key)])).toMatchObject({ kind: 'inserted', seq: 2 });
  });

  test('names the first of two that were swapped, with their places and without', () => {
    const [second, third] = [at(2), at(3)];
    expect(check([at(1), third, second, at(4), at(5)])).toMatchObject({ kind: 'missing', seq: 2 });
    const swapped = [at(1), { ...third, seq: 2 }, { ...second, seq: 3 }, at(4), at(5)];
    expect(check(swapped)).toMatchObject({ kind: 'edited', seq: 2 });
  });

  test('names the first that is missing where its end was cut off', () => {
    expect(check(chain.slice(0, 3))).toMatchObject({ kind: 'truncated', seq: 4 });
    expect(check([])).toMatchObject({ kind: 'truncated', seq: 1 });
    // Whoever moves the kept end back as well is found by one who has kept a copy.
    const moved = new ChainCheck('job', { keys });
    moved.expect(head);
    for (const entry of chain.slice(0, 3)) expect(moved.take(entry)).toBeNull();
    expect(moved.finish(headOfEntry(at(3)))).toMatchObject({ kind: 'truncated', seq: 4 });
  });

  test('names the first that was linked anew without the key', () => {
    const forger = AuditKey.fromPem(AuditKey.generatePem());
    for (const by of [forger, null]) {
      let end: { seq: number; hash: string } = at(2);
      const anew = [draft(8), draft(4), draft(5)].map((one) => {
        const entry = linked('job', one, end, by);
        end = entry;
        return entry;
      });
      const forged = [...chain.slice(0, 2), ...anew];
      expect(check(forged, headOfEntry(forged[4] as AuditEntry))).toMatchObject({ kind: 'forged', seq: 3 });
      // Without the key, a copy of the head is what tells.
      const checking = new ChainCheck('job', { keys: [] });
      checking.expect(headOfEntry(at(4)));
      expect(forged.map((entry) => checking.take(entry)).find((fault) => fault)).toMatchObject({ kind: 'forged', seq: 4 });
    }
  });

  test('is not good where the signature of another entry was put to one', () => {
    const other = { ...at(3), signature: at(2).signature };
    expect(check(chain.with(2, other))).toMatchObject({ kind: 'forged', seq: 3 });
    expect(check(chain, { ...head, hash: at(4).hash })).toMatchObject({ kind: 'forged', seq: 5 });
  });

  test('may have begun without a key, as far as that is said', () => {
    const unsigned = chainOf([1, 2].map(draft), null);
    const begun = [...unsigned, linked('job', draft(3), unsigned[1] as AuditEntry, key)];
    const last = headOfEntry(begun[2] as AuditEntry);
    expect(check(begun, last)).toMatchObject({ kind: 'forged', seq: 1, detail: 'It is not signed.' });
    const checking = new ChainCheck('job', { keys, signedFrom: 3 });
    expect([...begun.map((entry) => checking.take(entry)), checking.finish(last)]).toEqual([null, null, null, null]);
    expect([checking.entries, checking.signatures]).toEqual([3, 1]);
  });
});
