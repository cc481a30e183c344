export function provideChromium(environment?: NodeJS.ProcessEnv): Promise<{ path: string; env: Record<string, string> }>;
