import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { shown } from '@kintsugi/contracts';

/** How a handler runs that is not a function of this process. */
export interface IsolateOptions {
  /** In a process of its own, which runs one task at a time. */
  isolate: true;
}

/** The URL of a handler's module. Throws where it cannot be one. */
export function handlerModule(type: string, module: unknown, options: Partial<IsolateOptions>): string {
  const call = `handle(${shown(type)}, …, { isolate: true })`;
  if (options.isolate !== true) {
    throw new Error(`A handler that is given as a file runs in a process of its own: write ${call}.`);
  }
  const path = pathOf(module);
  if (path === null) {
    throw new Error(
      `${call} needs the file of a module whose default export is the handler, as new URL('./render.js', import.meta.url) or an absolute path. It got ${shown(module)}.`,
    );
  }
  if (!existsSync(path)) {
    throw new Error(
      `${call} finds no file ${path}. A bundler has to make a file of its own of it: name it among its entry points.`,
    );
  }
  const [, entry] = process.argv;
  if (entry !== undefined && existsSync(entry) && realpathSync(entry) === realpathSync(path)) {
    throw new Error(
      `${call} was given the file that starts the worker, which would start it again: the handler needs a file of its own.`,
    );
  }
  return pathToFileURL(path).href;
}

function pathOf(module: unknown): string | null {
  try {
    if (module instanceof URL) return fileURLToPath(module);
    if (typeof module !== 'string') return null;
    if (module.startsWith('file:')) return fileURLToPath(module);
    return isAbsolute(module) ? module : null;
  } catch {
    return null;
  }
}
