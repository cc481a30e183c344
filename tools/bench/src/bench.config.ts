/** Folders in which programs are looked for. */
export function programPath(): string {
  return process.env['PATH'] ?? '';
}
