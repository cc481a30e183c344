export { MessageTemplates, type JoinedTemplates } from './message-templates.js';
export { currentOf, type MessageTemplate } from './live-template.js';
export { shippedSettings, type TemplateSettings } from './template-settings.js';
export type { TemplatesSnapshot } from './templates-snapshot.js';
export { templateText } from './wildcard.js';
