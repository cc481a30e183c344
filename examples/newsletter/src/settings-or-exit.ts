import { z } from 'zod';

/** The exit code of a process whose settings are wrong (sysexits.h, EX_CONFIG). */
const exitConfig = 78;

/** The settings in the environment, or the end of the process with every fault named. An empty value counts as none. */
export function settingsOrExit<Shape extends Record<string, z.ZodType>>(shape: Shape): z.output<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, process.env[name] || undefined]));
  const parsed = z.object(shape).safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}\n`);
  process.stderr.write(`These settings cannot be used:\n${faults.join('')}`);
  process.exit(exitConfig);
}
