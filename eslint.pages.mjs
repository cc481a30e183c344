/** The console runs in browsers, where the boundaries, the settings and the timers of services are none. */
export const pageFiles = 'apps/console/src/**/*.{ts,tsx}';

/** Who is compiled how: for Node.js, or for browsers. */
export const projects = ['./tsconfig.json', './apps/console/tsconfig.json'];

/** Where an import leads that names what a file is compiled to. */
export const resolution = {
  extensions: ['.ts', '.tsx', '.mjs', '.js'],
  extensionAlias: { '.js': ['.ts', '.tsx', '.js'] },
};

export const noMarkup = {
  selector:
    'JSXAttribute[name.name="dangerouslySetInnerHTML"], MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
  message: 'What a job carries is shown as text.',
};

export const pages = (refusedSyntax) => [
  {
    name: 'pages',
    files: [pageFiles],
    rules: { ...refusedSyntax, '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }] },
  },
  // Data: one line a text.
  { name: 'catalogues of texts', files: ['apps/console/src/texts/{en,ja}.ts'], rules: { 'max-lines': 'off' } },
];
