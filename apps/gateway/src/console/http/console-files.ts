import { readFile, readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `apps/console` is built to; the same from the sources and from what is built of them. */
const folder = fileURLToPath(new URL('../../../../console/dist', import.meta.url));

const mediaTypes: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
};

/** Smallest first. */
const encodings = { br: '.br', gzip: '.gz' } as const;

export type Encoding = keyof typeof encodings;

export interface ConsoleFile {
  mediaType: string;
  plain: Buffer;
  /** As it was compressed when it was built. */
  compressed: Partial<Record<Encoding, Buffer>>;
}

export interface ConsoleFiles {
  /** The page that all others are drawn in. */
  page: string;
  assets: ReadonlyMap<string, ConsoleFile>;
}

/** What the console consists of, read once; null where it has not been built. */
export async function readConsole(): Promise<ConsoleFiles | null> {
  try {
    const page = await readFile(join(folder, 'index.html'), 'utf8');
    const names = await readdir(join(folder, 'assets'));
    const files = names
      .filter((name) => mediaTypes[extname(name)])
      .map(async (name) => [name, await readAsset(name, names)] as const);
    return { page, assets: new Map(await Promise.all(files)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function readAsset(name: string, names: readonly string[]): Promise<ConsoleFile> {
  const path = join(folder, 'assets', name);
  const compressed: ConsoleFile['compressed'] = {};
  for (const [encoding, suffix] of Object.entries(encodings)) {
    if (names.includes(name + suffix)) compressed[encoding as Encoding] = await readFile(path + suffix);
  }
  return { mediaType: mediaTypes[extname(name)] as string, plain: await readFile(path), compressed };
}

/** The smallest form of a file that a client takes. */
export function encodingFor(accepted: string | undefined, file: ConsoleFile): Encoding | null {
  const tokens = (accepted ?? '').split(',').map((each) => each.trim().toLowerCase());
  const takes = (encoding: string): boolean =>
    tokens.some((token) => new RegExp(`^${encoding}(?:\\s*;\\s*q=(?!0(?:\\.0*)?$)[\\d.]+)?$`).test(token));
  return (Object.keys(encodings) as Encoding[]).find((encoding) => file.compressed[encoding] && takes(encoding)) ?? null;
}
