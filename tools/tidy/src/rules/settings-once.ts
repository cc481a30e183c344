import ts from 'typescript';
import { builtCodeOf } from '../areas.js';
import type { Rule } from '../rule.js';
import { calleePath, nodesOf } from '../syntax.js';
import type { SourceFile } from '../tree.js';

interface Setting {
  name: string;
  fallback: string;
  path: string;
  line: number;
}

/** The same name with two defaults would mean two things, depending on which process reads it. */
export const settingsOnce: Rule = {
  sentence: 'a setting has one default, however many processes read it',
  check: (tree) => {
    const settings = builtCodeOf(tree)
      .filter((file) => file.matches('**/*{.config,-settings,/settings}.ts'))
      .flatMap(settingsIn);
    return settings.flatMap(({ name, fallback, path, line }) => {
      const other = settings.find((setting) => setting.name === name && setting.fallback !== fallback);
      return other ? [{ path, line, message: `${name} has another default in ${other.path}:${other.line}` }] : [];
    });
  },
};

/** The settings of a file that have a default; without one a process leaves the meaning of absence to itself. */
function settingsIn(file: SourceFile): Setting[] {
  return nodesOf(file).flatMap((node) => {
    if (!ts.isPropertyAssignment(node) || !/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(node.name.getText())) return [];
    const fallback = fallbackOf(node.initializer);
    return fallback === null
      ? []
      : [{ name: node.name.getText(), fallback, path: file.path, line: file.lineAt(node.getStart()) }];
  });
}

/** The text of a schema's default: the argument of `.default(…)`, or the first one of `numberSetting(…)`. */
function fallbackOf(schema: ts.Expression): string | null {
  let step = schema;
  while (ts.isCallExpression(step) || ts.isPropertyAccessExpression(step)) {
    const name = ts.isCallExpression(step) ? calleePath(step).at(-1) : undefined;
    if (ts.isCallExpression(step) && (name === 'default' || name === 'numberSetting')) {
      return step.arguments[0]?.getText() ?? null;
    }
    step = step.expression;
  }
  return null;
}
