import { readFileSync, readdirSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import ts from 'typescript';

/** One file of the tree; its path starts at the root of the workspace. */
export class SourceFile {
  private parsed: ts.SourceFile | undefined;

  constructor(
    readonly path: string,
    readonly text: string,
  ) {}

  get lines(): string[] {
    return this.text.split('\n');
  }

  /** The file as TypeScript sees it, parsed once for all rules. */
  get syntax(): ts.SourceFile {
    return (this.parsed ??= ts.createSourceFile(this.path, this.text, ts.ScriptTarget.Latest, true));
  }

  /** The line of a position, counted from 1 as an editor does. */
  lineAt(position: number): number {
    return this.syntax.getLineAndCharacterOfPosition(position).line + 1;
  }

  matches(...globs: string[]): boolean {
    return globs.some((glob) => matchesGlob(this.path, glob));
  }
}

/** All files that are part of the project: what the rules judge. */
export class Tree {
  constructor(readonly files: readonly SourceFile[]) {}

  matching(...globs: string[]): SourceFile[] {
    return this.files.filter((file) => file.matches(...globs));
  }

  find(path: string): SourceFile | undefined {
    return this.files.find((file) => file.path === path);
  }

  hasFolder(path: string): boolean {
    return this.files.some((file) => file.path.startsWith(`${path}/`));
  }
}

/** A tree that exists only in a test. */
export function treeOf(files: Record<string, string>): Tree {
  return new Tree(Object.entries(files).map(([path, text]) => new SourceFile(path, text)));
}

/** Files larger than this are data. */
const textBytesMax = 1024 * 1024;

/** The tree under a folder, without what .gitignore names, which is not part of the project. */
export function readTree(root: string): Tree {
  const ignored = readFileSync(join(root, '.gitignore'), 'utf8').split('\n').filter(Boolean);
  // In a second worktree of a clone, .git is a file.
  const git = '.git';
  const folders = new Set([git, ...ignored.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1))]);
  const suffixes = ignored.filter((line) => line.startsWith('*')).map((line) => line.slice(1));
  const files: SourceFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory() && !folders.has(entry.name)) visit(path);
      else if (entry.isFile() && entry.name !== git && !suffixes.some((suffix) => path.endsWith(suffix))) {
        files.push(readText(root, path));
      }
    }
  };
  visit('');
  return new Tree(files.toSorted((one, other) => (one.path < other.path ? -1 : 1)));
}

/** A file with its text; one that is not text, or too large to be written by hand, reads as empty. */
function readText(root: string, path: string): SourceFile {
  const bytes = readFileSync(join(root, path));
  return new SourceFile(path, bytes.length > textBytesMax || bytes.includes(0) ? '' : bytes.toString('utf8'));
}
