import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@kintsugi/supervisor';

/** Two thousand lines each of eight systems with their true events (loghub). They may be measured on, not shipped. */
const folder = join(repository, '..', 'shared', 'data', 'loghub-2k');

export const hasLoghub = existsSync(join(folder, 'drain-published.json'));

export interface LabelledLine {
  content: string;
  event: string;
}

export function labelledLines(system: string): LabelledLine[] {
  const [head = [], ...rows] = readCsv(readFileSync(join(folder, `${system}_2k.structured.csv`), 'utf8'));
  const [content, event] = [head.indexOf('Content'), head.indexOf('EventId')];
  return rows.map((row) => ({ content: row[content] ?? '', event: row[event] ?? '' }));
}

interface PublishedSettings {
  masks: string[];
  st: number;
  depth: number;
  GA: number;
}

export function publishedSettings(): Record<string, PublishedSettings> {
  const { systems } = JSON.parse(readFileSync(join(folder, 'drain-published.json'), 'utf8')) as {
    systems: Record<string, PublishedSettings>;
  };
  return systems;
}

function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
