import { limits, poolNameSchema } from '@kintsugi/contracts';
import { z } from 'zod';
import { loadsCode, processesByDefault } from '../cli/domain/command-rule.js';

const name = z.string().min(1).max(limits.idLength);
const text = z.string().max(limits.chunkBytes);
const variable = name.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable');

const commandRuleSchema = z.strictObject({
  name,
  executable: text.startsWith('/', 'an absolute path is wanted'),
  leading_arguments: z.array(text).default([]),
  arguments: z.array(text).default([]),
  environment: z
    .array(variable.refine((given) => !loadsCode(given), 'it decides what code is run: give it a value under set_environment'))
    .default([]),
  set_environment: z.record(variable, text).default({}),
  pass_environment: z.array(variable).default([]),
  timeout_s: z
    .number()
    .positive()
    .max(7 * 24 * 3600)
    .default(3600),
  max_processes: z.int().min(1).max(32_768).default(processesByDefault),
});

const outputRuleSchema = z.strictObject({
  text: z.string().min(1).max(200),
  error_type: name.regex(/^[A-Za-z0-9_.:-]*#*[A-Za-z0-9_.:#-]*$/, 'letters, digits and _.:-, and # for a digit of the text'),
});

const secretRuleSchema = z
  .strictObject({ name, value: text.min(1).optional(), file: text.optional(), hosts: z.array(name).min(1) })
  .refine(({ value, file }) => (value === undefined) !== (file === undefined), 'exactly one of value and file is wanted');

/** What the people of a machine let its worker do. Left out is refused. */
export const workerRulesSchema = z.strictObject({
  commands: z.array(commandRuleSchema).default([]),
  /** Pools of git working copies of which commands may get a slot. */
  pools: z.array(poolNameSchema).default([]),
  output_rules: z.array(outputRuleSchema).default([]),
  http: z
    .strictObject({
      /** Hosts, host:port or networks at private addresses that may be asked. */
      allow_private: z.array(name).default([]),
      secrets: z.array(secretRuleSchema).default([]),
    })
    .prefault({}),
});

export type WorkerRules = z.output<typeof workerRulesSchema>;
