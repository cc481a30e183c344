import { describe, expect, it } from '@jest/globals';
import { table } from './table.js';
import { fitMiddle, widthOf } from './text-width.js';

describe('a table', () => {
  it('lines up its columns', () => {
    const lines = table(
      [{ title: 'NAME' }, { title: 'PID', align: 'right' }],
      [
        ['gateway', '7'],
        ['mongod', '1234'],
      ],
      { columns: 80 },
    );
    expect(lines).toEqual(['NAME      PID', 'gateway     7', 'mongod   1234']);
  });

  it('lets the columns that may shrink give way, the widest first', () => {
    const columns = [
      { title: 'ID', shrinks: true, cut: fitMiddle },
      { title: 'N', align: 'right' as const },
      { title: 'TEXT', shrinks: true },
    ];
    const lines = table(columns, [['job_0123456789', '42', 'a message that goes on and on and on']], { columns: 40, indent: 2 });
    expect(lines[1]).toBe('  job_0123456789  42  a message that go…');
    expect(lines.every((line) => widthOf(line) <= 40)).toBe(true);
  });

  it('does not count colours, and has no spaces at the end of a line', () => {
    const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
    const lines = table(
      [{ title: 'STATE', paint: red }, { title: 'NOTE' }],
      [
        ['dead', ''],
        ['succeeded', 'x'],
      ],
      { columns: 80 },
    );
    expect(lines[1]).toBe(`${red('dead     ')}`);
    expect(lines[2]).toBe(`${red('succeeded')}  x`);
  });

  it('may be empty but for its titles', () => {
    expect(table([{ title: 'NAME' }], [], { columns: 80 })).toEqual(['NAME']);
  });
});
