import { stringify } from 'yaml';

const note =
  '# Written by libs/monitoring-mixin. Do not edit: change the source and run `node tools/generate-docs/dist/main.js`.';

/** A file of YAML that says where it comes from. Documents follow each other where there are several. */
export function yamlText(...documents: readonly unknown[]): string {
  const texts = documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
  return `${note}\n${texts.join('---\n')}`;
}
