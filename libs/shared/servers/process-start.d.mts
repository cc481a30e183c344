/** When a process started; undefined when it has ended. */
export function startTimeOf(pid: number): string | undefined;
