export function fetchNatsServerRelease(
  version: string,
  folder: string,
  options: { environment: NodeJS.ProcessEnv },
): Promise<string>;
