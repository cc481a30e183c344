export { MessageTemplates } from './message-templates.js';
export { currentOf, type MessageTemplate } from './live-template.js';
export { templateText } from './wildcard.js';
