export function wrapWords(text: string, indent?: string): string;
