import { z } from 'zod';

/** How to get into the servers of a home that ask who comes; null for one that is not of this home. */
export const homeCredentialsSchema = z.strictObject({
  nats_url: z
    .url({ protocol: /^nats$/ })
    .nullable()
    .describe('With user and password.'),
  mongo_url: z
    .url({ protocol: /^mongodb$/ })
    .nullable()
    .describe('With user and password.'),
  mongo_key: z
    .string()
    .regex(/^[A-Za-z0-9+/=]{6,1024}$/)
    .nullable()
    .describe('What a mongod of the same replica set has to know.'),
  ops_token: z.string().min(16).nullable().describe('What the ops ports of its processes ask of whoever reads metrics.'),
});

export type HomeCredentials = z.infer<typeof homeCredentialsSchema>;
