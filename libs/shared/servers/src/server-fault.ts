/** Why a server ended or does not start, in words that its log alone does not give. */
export interface ServerFault {
  reason: string;
  /** What to do about it. */
  advice: string;
}

export interface FaultyPlace {
  /** The data of the server. */
  folder: string;
  logFile: string;
}

interface Sign {
  pattern: RegExp;
  reason: string;
  advice: (place: FaultyPlace) => string;
}

const diskIsFull: Sign = {
  pattern: /no space left on device|ENOSPC|EDQUOT|disk quota exceeded|available disk space is (?:less|too)/i,
  reason: 'the disk is full',
  advice: ({ folder }) => `Make room on the disk of ${folder}; then it starts by itself.`,
};

const mebibyte = 1024 ** 2;

/** What a server needs at its start; mongod makes the files of its journal in their full size. */
const bytesFreeMin: Record<string, number> = { 'nats-server': mebibyte, mongod: 128 * mebibyte };

/** The first that is found counts: what a full disk leaves behind may look damaged. */
const signsOf: Record<string, Sign[]> = {
  'nats-server': [diskIsFull],
  mongod: [
    diskIsFull,
    {
      pattern: /DBPathInUse|unable to lock the lock file|another mongod instance is already running/i,
      reason: 'another mongod uses its files',
      advice: ({ folder }) => `End the other mongod that uses ${folder}.`,
    },
    {
      pattern: /Permission denied|Operation not permitted|Read-only file system/i,
      reason: 'it may not read or write its files',
      advice: ({ folder }) => `Make ${folder} and what is in it readable and writable for this user.`,
    },
    {
      pattern:
        /Wrong mongod version|(?:invalid|unsupported) featureCompatibilityVersion|UPGRADE PROBLEM|unsupported WiredTiger file version/i,
      reason: 'its files were written by another version of mongod',
      advice: ({ folder }) => `Run the version of mongod that wrote ${folder}, or put a backup of it in its place.`,
    },
    {
      pattern:
        /corrupt|InvalidBSON|storage engine metadata|Failed to open a WiredTiger cursor|WT_TRY_SALVAGE|WT_PANIC|WT_ERROR|checksum|--repair|Unrecoverable|is not a WiredTiger|Failed to open WiredTiger/i,
      reason: 'its files are damaged',
      advice: ({ folder, logFile }) =>
        `Put a backup of ${folder} in its place. Without one, mongod --repair --dbpath on a copy of its data saves what can be read. ${logFile} says more.`,
    },
  ],
};

/** mongod tells of each line how severe it is; one that is no error may name a fault only to say that it is none. */
const isHarmless = /^\{.*"s":"[ID][1-5]?"/;

/** What the log of one life of a server tells about its end; null when it tells nothing that is known. */
export function faultInLog(server: string, log: string, place: FaultyPlace): ServerFault | null {
  const lines = log.split('\n').filter((line) => !isHarmless.test(line));
  const sign = signsOf[server]?.find(({ pattern }) => lines.some((line) => pattern.test(line)));
  return sign ? faultOf(sign, place) : null;
}

/** What a disk without room tells, of which a log that lies on it may say nothing. */
export function faultOfDisk(server: string, bytesFree: number, place: FaultyPlace): ServerFault | null {
  return bytesFree < (bytesFreeMin[server] ?? 0) ? faultOf(diskIsFull, place) : null;
}

function faultOf({ reason, advice }: Sign, place: FaultyPlace): ServerFault {
  return { reason, advice: advice(place) };
}
