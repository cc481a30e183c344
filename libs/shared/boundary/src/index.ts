export { after, every, guarded, inBackground, soon } from './boundary.js';
export { noteEscaped, sendEscapedFaultsTo, type EscapedFault, type EscapedFaultSink } from './escaped-faults.js';
