/** A kind of message. */
export interface MessageTemplate {
  /** The same for as long as the template lives, however general it becomes: made from what it began as. */
  readonly id: string;
  /** Its tokens, as it is by now; `templateText` makes a text of them. */
  readonly tokens: readonly string[];
  /** What it has become part of. */
  readonly partOf: MessageTemplate | null;
}

/** A template as it is kept. */
export interface LiveTemplate extends MessageTemplate {
  tokens: readonly string[];
  /** The place in the order in which templates began: where several become one, the oldest stays. */
  readonly age: number;
  partOf: LiveTemplate | null;
}

/** What a template is by now. */
export function currentOf(template: LiveTemplate): LiveTemplate;
export function currentOf(template: MessageTemplate): MessageTemplate;
export function currentOf(template: MessageTemplate): MessageTemplate {
  let current = template;
  while (current.partOf) current = current.partOf;
  return current;
}

/** Makes the oldest of templates hold the others. */
export function merged(templates: readonly LiveTemplate[]): LiveTemplate {
  const current = templates.map((template) => currentOf(template));
  const oldest = current.reduce((one, other) => (other.age < one.age ? other : one));
  for (const template of current) if (template !== oldest) template.partOf = oldest;
  return oldest;
}
