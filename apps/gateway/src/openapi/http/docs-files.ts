import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export interface DocsFile {
  mediaType: string;
  content: string | Buffer;
}

/** No script, style or image comes from elsewhere, and none stands in the page itself, so that a strict policy allows it. */
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Kintsugi API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });
`;

export const docsPage: DocsFile = { mediaType: 'text/html; charset=utf-8', content: page };

const packaged: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** A file of the documentation page, by the names that there are; null for any other. */
export async function docsFile(name: string): Promise<DocsFile | null> {
  if (name === 'start.js') return { mediaType: 'text/javascript; charset=utf-8', content: start };
  const mediaType = Object.hasOwn(packaged, name) ? packaged[name] : undefined;
  if (!mediaType) return null;
  return { mediaType, content: await readFile(require.resolve(`swagger-ui-dist/${name}`)) };
}
