export function isAtLeast(version: string, minimum: string): boolean;
