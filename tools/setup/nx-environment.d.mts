export const nxEnvironment: Record<string, string>;
