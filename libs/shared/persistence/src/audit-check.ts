export { AuditKey, AuditPublicKey } from './audit/audit-key.js';
export { ChainCheck, type ChainCheckOptions, type ChainFault } from './audit/chain-check.js';
