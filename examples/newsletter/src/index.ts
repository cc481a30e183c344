export { recipientsFile } from './newsletter.config.js';
export { csvText } from './recipients/domain/csv-text.js';
export { generateRecipients, listSeed } from './recipients/domain/generate-recipients.js';
export { mistypedDomain, mistypedDomainRepair } from './recipients/domain/mistyped-domain.js';
export { taskOfRecipient, type MessageOrder, type Recipient } from './recipients/domain/recipient.js';
export { RecipientListError, readRecipients } from './recipients/files/read-recipients.js';
export { expectedDeliveries } from './smtp-world/domain/expected-deliveries.js';
export type { LedgerReport } from './smtp-world/domain/ledger.js';
export { SmtpWorld, type SmtpWorldOptions } from './smtp-world/smtp/smtp-world.js';
