import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

type Random = () => number;

const below = (random: Random, bound: number): number => Math.floor(random() * bound);
const pick = <Item>(random: Random, items: readonly Item[]): Item => items[below(random, items.length)] as Item;

/** Damages one to three things of a .git folder by chance. @returns what was done */
export function mutate(gitDir: string, random: Random): string[] {
  return Array.from({ length: 1 + below(random, 3) }, () => mutateOnce(gitDir, random));
}

function mutateOnce(gitDir: string, random: Random): string {
  const names = readdirSync(gitDir, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(gitDir, name), { throwIfNoEntry: false })?.isFile());
  const folders = names.filter((name) => !files.includes(name));
  const kind = pick(random, [
    'flip',
    'flip',
    'flip',
    'truncate',
    'delete',
    'append',
    'zero',
    'swap',
    'delete-folder',
    'stranger',
  ] as const);
  const name = kind === 'delete-folder' ? (pick(random, folders) ?? 'refs') : pick(random, files);
  if (name === undefined) return 'nothing is left';
  const path = join(gitDir, name);
  if (kind !== 'delete-folder' && kind !== 'stranger') chmodSync(path, 0o644);
  switch (kind) {
    case 'flip':
      flip(path, random);
      break;
    case 'truncate':
      truncateSync(path, below(random, statSync(path).size + 1));
      break;
    case 'delete':
    case 'delete-folder':
      rmSync(path, { recursive: true, force: true });
      break;
    case 'append':
      appendFileSync(path, Buffer.from(Array.from({ length: 1 + below(random, 64) }, () => below(random, 256))));
      break;
    case 'zero':
      writeFileSync(path, Buffer.alloc(statSync(path).size));
      break;
    case 'swap':
      writeFileSync(path, readFileSync(join(gitDir, pick(random, files))));
      break;
    case 'stranger':
      addStranger(gitDir, random);
      break;
  }
  return `${kind} ${name}`;
}

function flip(path: string, random: Random): void {
  const bytes = readFileSync(path);
  if (bytes.length === 0) return;
  const at = below(random, bytes.length);
  bytes[at] = (bytes[at] as number) ^ (1 << below(random, 8));
  writeFileSync(path, bytes);
}

function addStranger(gitDir: string, random: Random): void {
  const name = pick(random, [
    'index.lock',
    'refs/heads/x',
    'shallow',
    'objects/info/alternates',
    'MERGE_HEAD',
    'hooks/x',
    'modules/y',
  ]);
  const path = join(gitDir, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(join(path, '..'), { recursive: true });
  if (random() < 0.3) symlinkSync('/etc/hostname', path);
  else writeFileSync(path, `${below(random, 2 ** 31).toString(16)}\n`);
}
