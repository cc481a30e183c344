/** Whether the user has chosen a setting, by its value or by the file that holds it. */
export function isChosen(environment: Record<string, string>, name: string): boolean {
  return Boolean(environment[name] || environment[`${name}_FILE`]);
}
