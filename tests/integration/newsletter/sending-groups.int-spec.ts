import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  RecipientListError,
  generateRecipients,
  listSeed,
  readRecipients,
  recipientsFile,
  taskOfRecipient,
} from '@kintsugi/newsletter';
import { createTemporaryFolder, type TemporaryFolder } from '@kintsugi/testing';
import { csvText } from '../../../examples/newsletter/src/recipients/domain/csv-text.js';
import { planSendingGroup } from '../../../examples/newsletter/src/recipients/plan-sending-group.js';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('the list that comes with the example', () => {
  test('is what print-recipients prints, 10,000 recipients in less than a megabyte', async () => {
    const text = await readFile(recipientsFile, 'utf8');
    expect(text === [...csvText(generateRecipients(10_000, listSeed))].join('')).toBe(true);
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
  });

  test('is planned as one task a recipient', async () => {
    const tasks = await all(planSendingGroup(dirname(recipientsFile))({ job: { sending_group_id: 'recipients' } }));
    expect(tasks).toEqual([...generateRecipients(10_000, listSeed)].map(taskOfRecipient));
  });
});

describe("a sending group's list", () => {
  let temporary: TemporaryFolder;
  let folder: string;

  beforeAll(() => {
    temporary = createTemporaryFolder('groups');
    folder = temporary.path;
  });

  afterAll(() => temporary.remove());

  async function faultOf(contents: string | Uint8Array): Promise<string> {
    const path = join(folder, 'spring.csv');
    await writeFile(path, contents);
    const error: unknown = await all(readRecipients(path)).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof RecipientListError) return error.message;
    throw new Error('The list was not refused.', { cause: error });
  }

  test('may have a byte order mark, other columns and CRLF', async () => {
    const path = join(folder, 'other.csv');
    await writeFile(path, '\uFEFFemail,plan,id\r\nanna@example.org,gold,a\r\n');
    expect(await all(readRecipients(path))).toEqual([{ id: 'a', email: 'anna@example.org', name: '', language: 'en' }]);
  });

  test('is refused with its name, the line and what is wrong there', async () => {
    expect(await faultOf('id,email\na,anna@example.org\nb,ben\n')).toBe('spring.csv, line 3: the email "ben" is not an address.');
    expect(await faultOf('id,email\na,anna@example.org,\n')).toBe(
      'spring.csv, line 2: 2 fields belong here, as many as line 1 names, but there are 3.',
    );
    expect(await faultOf('id,email\n"a,anna@example.org\n')).toBe('spring.csv, line 2: the text ends within quotes.');
    expect(await faultOf('a,anna@example.org\n')).toMatch(/^spring.csv, line 1: the first line must name the columns/);
  });

  test('is refused when it is empty, not text, or not there', async () => {
    expect(await faultOf('')).toMatch(/^spring.csv holds no recipient/);
    expect(await faultOf('id,email\n')).toMatch(/^spring.csv holds no recipient/);
    expect(await faultOf(Buffer.from([0x69, 0x64, 0xff, 0xfe]))).toBe('spring.csv is not UTF-8 text.');
    await expect(all(readRecipients(join(folder, 'none.csv')))).rejects.toThrow('There is no file none.csv.');
  });

  test('is not looked for outside of its folder, and a missing one is not worth a retry', async () => {
    const plan = planSendingGroup(folder);
    for (const sending_group_id of ['../recipients', 'none']) {
      await expect(all(plan({ job: { sending_group_id } }))).rejects.toMatchObject({
        details: { error_type: 'sending_group.invalid', non_retryable: true },
      });
    }
  });
});
