import { z } from 'zod';
import { exportsOf, filesIn } from './workspace.js';

const transitionsSchema = z.record(
  z.string(),
  z.object({ from: z.array(z.string()), to: z.string(), emits: z.string().nullish(), about: z.string() }),
);

export type Transitions = z.infer<typeof transitionsSchema>;

export interface Lifecycle {
  /** What goes through it, such as `job`. */
  subject: string;
  /** The file that is the lifecycle. */
  source: string;
  transitions: Transitions;
}

/** Every state machine of the services, from the tables that they run on. */
export async function lifecycles(): Promise<Lifecycle[]> {
  const found: Lifecycle[] = [];
  for (const source of filesIn('apps', 'apps/*/src/**/domain/*-lifecycle.ts')) {
    for (const [name, value] of Object.entries(await exportsOf(source))) {
      if (!name.endsWith('Transitions')) continue;
      found.push({ subject: name.slice(0, -'Transitions'.length), source, transitions: transitionsSchema.parse(value) });
    }
  }
  return found;
}
