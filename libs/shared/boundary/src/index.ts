export { after, every, guarded, inBackground, soon } from './boundary.js';
export { giveBack } from './give-back.js';
export { noteEscaped, sendEscapedFaultsTo, type EscapedFault, type EscapedFaultSink } from './escaped-faults.js';
