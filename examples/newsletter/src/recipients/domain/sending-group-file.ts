/** The file of a sending group's recipients, or undefined when the id could lead out of the folder of the groups. */
export function sendingGroupFile(sendingGroupId: string): string | undefined {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(sendingGroupId) ? `${sendingGroupId}.csv` : undefined;
}
