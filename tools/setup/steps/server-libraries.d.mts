export function provideLibraries(
  server: string,
  program: string,
  place: { cache: string; show: (activity: string) => void },
): Promise<string[]>;
