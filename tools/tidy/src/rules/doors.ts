import ts from 'typescript';
import type { Finding, Rule } from '../rule.js';
import { codeOf } from '../areas.js';
import type { SourceFile, Tree } from '../tree.js';

/** A library is entered by one door, `src/index.ts`, that names each thing it gives; nothing else is an index. */
export const doors: Rule = {
  sentence: 'a library has one index.ts with explicit named exports, and there is no other barrel',
  check: (tree) => [
    ...tree.matching('libs/*/package.json', 'libs/shared/*/package.json').flatMap(({ path }) => faultsOfLibrary(tree, path)),
    ...codeOf(tree).flatMap((file) => [...faultsOfBarrel(file), ...exportsOfEverything(file)]),
  ],
};

function faultsOfLibrary(tree: Tree, manifest: string): Finding[] {
  const path = manifest.replace('package.json', 'src/index.ts');
  const door = tree.find(path);
  const sources = tree.hasFolder(manifest.replace('package.json', 'src'));
  if (!door) return sources ? [{ path, message: 'the library has no door' }] : [];
  return door.syntax.statements
    .filter((statement) => !(ts.isExportDeclaration(statement) && statement.moduleSpecifier))
    .map((statement) => ({
      path,
      line: door.lineAt(statement.getStart()),
      message: 'a door holds `export { … } from` and nothing else',
    }));
}

function faultsOfBarrel({ path }: SourceFile): Finding[] {
  const misplaced =
    /\/index\.(ts|tsx|mjs)$/.test(path) && !/^(libs\/(shared\/)?|examples\/|tools\/)[^/]+\/src\/index\.ts$/.test(path);
  return misplaced ? [{ path, message: 'only a library has an index.ts, directly in src/' }] : [];
}

function exportsOfEverything(file: SourceFile): Finding[] {
  return file.syntax.statements
    .filter(
      (statement) => ts.isExportDeclaration(statement) && !(statement.exportClause && ts.isNamedExports(statement.exportClause)),
    )
    .map((statement) => ({
      path: file.path,
      line: file.lineAt(statement.getStart()),
      message: '`export *` hides what is exported',
    }));
}
