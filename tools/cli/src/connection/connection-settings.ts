import { z } from 'zod';

/** What the command line is told of a platform that is elsewhere. */
export const connectionSettings = {
  KINTSUGI_URL: z
    .url({ protocol: /^https?$/, error: 'an address such as http://127.0.0.1:8000 is wanted' })
    .refine((url) => !/:\/\/[^/]*@/.test(url), {
      error: 'no user and no password are part of it: a key goes into KINTSUGI_API_KEY',
    })
    .optional()
    .describe('The API that commands such as `./kintsugi jobs` talk to, when it is not the platform of this home.'),
  KINTSUGI_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, { error: 'printable characters without spaces are wanted' })
    .optional()
    .describe('The API key for it. For the platform of this home the command line has its own.'),
};
