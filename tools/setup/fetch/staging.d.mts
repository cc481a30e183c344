export function publish(target: string, fill: (folder: string) => Promise<string> | string): Promise<void>;
