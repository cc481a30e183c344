/** Where a platform is. */
export interface PlatformPlace {
  hostName: string;
  /** Path of its home, which no other platform of the host has. */
  home: string;
  digest: (text: string) => string;
}

const hostNameLengthMax = 80;
const digestLength = 8;

/**
 * What a process is called among all that share its servers, such as `job-service@mail-1:1f3a9c2e`: the same after each
 * restart, and another for each platform, on one host as on several.
 */
export function instanceName(processName: string, { hostName, home, digest }: PlatformPlace): string {
  const host = hostName.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, hostNameLengthMax);
  return `${processName}@${host}:${digest(home).slice(0, digestLength)}`;
}
