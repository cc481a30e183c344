import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SieveBuilder, passing, recordsPerPart, rowsAskedFor, tellingRows, type Sifted } from './record-sieve.js';

const record = (
  error_message: string,
  more: { stack_trace?: string; labels?: Record<string, string>; job_type?: string } = {},
) => ({
  ...{ _id: 'err_1', job_type: 'mail.send', error_message },
  ...more,
});

function sieve(records: readonly ReturnType<typeof record>[]): (asked: Sifted) => number[] {
  const builder = new SieveBuilder();
  for (const each of records) builder.add(each);
  return (asked) => passing(rowsAskedFor(asked).map((row) => builder.rows(row, 1)));
}

function bitsOf(builders: readonly SieveBuilder[], rows: readonly number[]): Uint8Array[][] {
  return builders.map((builder) => rows.map((row) => builder.rows(row, 1)));
}

function passingIn(builder: SieveBuilder, rows: readonly number[]): number[] {
  return passing(rows.map((row) => builder.rows(row, 1)));
}

describe('the sieve of records', () => {
  test('lets each record through that has a text, at whatever place and in whatever case', () => {
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom(...'abiıİK\u212asſßẞÉéΣςσ.-クー😀ａＡ '), fc.string({ unit: 'grapheme', maxLength: 1 })),
    });
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 0, max: 20 }), (before, asked, behind, others) => {
        fc.pre(asked.length >= 4);
        const filler = Array.from({ length: others }, (_, n) => record(`another ${n}`));
        for (const held of [asked, asked.toUpperCase(), asked.toLowerCase()].filter(({ length }) => length === asked.length)) {
          expect(sieve([...filler, record(before + held + behind)])({ text: asked })).toContain(others);
          expect(sieve([...filler, record('', { stack_trace: before + held })])({ text: asked })).toContain(others);
        }
      }),
    );
  });

  test.each([
    ['5 kelvin', '5 \u212aELVIN'],
    ['message', 'meſſage'],
    ['ÉTAT', 'état'],
  ])('takes for one what the database does: %s and %s', (asked, held) => {
    expect(sieve([record(held)])({ text: asked })).toEqual([0]);
  });

  test('holds back most of those that have no such text, label or type of job', () => {
    const all = Array.from({ length: recordsPerPart }, (_, n) =>
      record(`the mailbox of user-${n} at host ${n % 7} refused`, {
        labels: { customer: `c-${n}` },
        job_type: `type-${n % 1_000}`,
      }),
    );
    const sifted = sieve(all);
    expect(sifted({ text: 'user-2741' })).toContain(2_741);
    expect(sifted({ text: 'user-2741' }).length).toBeLessThan(30);
    expect(sifted({ text: 'no such words' }).length).toBeLessThan(10);
    expect(sifted({ label: { key: 'customer', value: 'c-77' } })).toContain(77);
    expect(sifted({ job_type: 'type-5' })).toEqual(expect.arrayContaining([5, 1_005, 2_005, 3_005, 4_005]));
    expect(sifted({ job_type: 'type-5' }).length).toBeLessThan(15);
    expect(sifted({ job_type: 'type-5', text: 'user-3005' })).toContain(3_005);
  });

  test('is told by few of its rows what a word that is like others has', () => {
    const builders = [0, 1].map(() => new SieveBuilder());
    builders.forEach((builder, part) => {
      for (let n = 0; n < 900; n += 1) builder.add(record(`gone from host part-${String(n * 2 + part).padStart(4, '0')}`));
    });
    const asked = { text: 'part-0314' };
    const rows = rowsAskedFor(asked);
    const telling = tellingRows(asked, bitsOf(builders, rows));
    expect(telling.length).toBeLessThan(rows.length / 2);
    for (const builder of builders) expect(passingIn(builder, telling)).toEqual(passingIn(builder, rows));
  });

  test.each<[string, (n: number) => [type: string, message: string]]>([
    ['the type that all of its records have', (n) => ['import', n % 2 === 0 ? 'time is up' : 'gone']],
    ['the type that none of its records has', () => ['export', 'gone']],
    ['the text that none of its records has', (n) => [n % 2 === 0 ? 'import' : 'export', 'gone']],
  ])('is told by each thing that is asked for, also where on the first day nothing is told by %s', (_, newest) => {
    const sieveOf = (records: readonly (readonly [string, string])[]): SieveBuilder => {
      const builder = new SieveBuilder();
      for (const [job_type, message] of records) builder.add(record(message, { job_type }));
      return builder;
    };
    const many = Array.from({ length: 1_000 }, (_record, n) => n);
    const asked = { job_type: 'import', text: 'time is up' };
    const day = sieveOf(many.map(newest));
    const telling = tellingRows(asked, bitsOf([day], rowsAskedFor(asked)));
    const typeIsRare = sieveOf(many.map((n) => [n % 100 === 0 ? 'import' : 'export', 'time is up']));
    const textIsRare = sieveOf(many.map((n) => ['import', n % 100 === 0 ? 'time is up' : 'gone']));
    for (const before of [typeIsRare, textIsRare]) expect(passingIn(before, telling)).toHaveLength(10);
  });

  test('asks for nothing where a text is too short to be sifted', () => {
    expect([rowsAskedFor({ text: 'abc' }), rowsAskedFor({})]).toEqual([[], []]);
  });
});
