/**
 * What HubSpot opens once it is logged in: the inbox and the folder for sent mail. Both are examined, never selected (RFC
 * 9051 §6.3.3), so nothing changes, not even what counts as new. What a server refuses here is its own doing and quoted.
 */
import { performance } from 'node:perf_hooks';
import type { Unspoken } from '../../diagnosis/observed/refusal.ts';
import type { Sighting } from '../context.ts';
import { type Answer, hearImap, quotedString, say, shownLine, type Talk } from '../session/dialogue.ts';
import { type Folders, listFolders, shownNames } from './folders.ts';
import type { Listed } from './listing.ts';

type Inbox = Extract<Sighting, { type: 'inbox' }>;
type SentFolder = Extract<Sighting, { type: 'sent-folder' }>;

/** In milliseconds: a large mailbox on slow disks takes its time, and what comes after it shall have some left. */
const patienceMs = 15_000;
/** Shorter than this, a silence that our own end cut off is not held against the server, in milliseconds. */
const fairMs = 4_000;

type Examined = { outcome: 'opened' | 'refused' | 'cut-short' | Unspoken; reply: string };

/** What a server says with our tag, or in a farewell instead of it, without the tag. */
const replyOf = (talk: Talk, tag: string, { lines }: Answer): string => {
  const own = lines.findLast((line) => line.toLowerCase().startsWith(`${tag} `));
  const farewell = lines.findLast((line) => /^\* BYE\b/iu.test(line));
  return shownLine(talk, (own ?? farewell ?? '').replace(/^\S+ /u, ''));
};

const examine = async (
  talk: Talk,
  [tag, folder]: readonly [tag: string, folder: string],
  signal: AbortSignal,
): Promise<Examined> => {
  const started = performance.now();
  say(talk, `${tag} EXAMINE ${folder}`);
  // A mailbox may have more keywords than a line of ours holds (FLAGS), none of which matters here.
  const answer = await hearImap(talk, tag, { withinMs: patienceMs, skipsLong: true });
  const { outcome } = answer;
  if (outcome === 'ok') return { outcome: 'opened', reply: '' };
  const reply = replyOf(talk, tag, answer);
  const leaves = outcome === 'closed' && reply !== '';
  if (outcome === 'refused' || outcome === 'go-on' || leaves) return { outcome: 'refused', reply };
  const isOurs = outcome === 'silent' && signal.aborted && performance.now() - started < fairMs;
  return { outcome: isOurs ? 'cut-short' : outcome, reply: '' };
};

/** A name with bytes that a quoted string does not hold (RFC 3501 §4.3) is not asked for: it would need a literal. */
const isQuotable = ({ raw }: Listed): boolean => /^[\x20-\x7e]*$/u.test(raw) && raw.length < 1_000;

const unlisted = (folders: Folders, sinceMs: number, signal: AbortSignal): SentFolder => {
  const { outcome, reply } = folders;
  const isOurs = outcome === 'silent' && signal.aborted && sinceMs < fairMs;
  return {
    type: 'sent-folder',
    outcome: isOurs ? 'cut-short' : outcome === 'ok' ? 'refused' : outcome,
    ...{ marked: null, named: [], opened: null, reply },
  };
};

/** Only those with the special use (RFC 6154 §5.2) where the server knows them, else all. */
const plainList = ['a6', 'LIST "" "*"'] as const;
const specialList = ['a5', 'LIST (SPECIAL-USE) "" "*"'] as const;

const findFolders = async (talk: Talk, knowsSpecialUse: boolean): Promise<Folders> => {
  if (knowsSpecialUse) {
    const special = await listFolders(talk, specialList);
    // Some announce what they then refuse; the plain question marks the folder just as well, or at least names it.
    if (special.outcome !== 'refused' && (special.outcome !== 'ok' || special.marked)) return special;
    if (talk.wire.ended()) return special;
  }
  return listFolders(talk, plainList);
};

const lookForSentFolder = async (
  talk: Talk,
  { knowsSpecialUse, signal }: { knowsSpecialUse: boolean; signal: AbortSignal },
): Promise<SentFolder> => {
  const started = performance.now();
  const folders = await findFolders(talk, knowsSpecialUse);
  if (folders.outcome !== 'ok') return unlisted(folders, performance.now() - started, signal);
  const { marked, named } = folders;
  const [first] = marked ? [marked] : named;
  const seen = {
    type: 'sent-folder',
    outcome: 'listed',
    marked: marked ? (shownNames(talk, [marked])[0] ?? null) : null,
    named: marked ? [] : shownNames(talk, named),
  } as const;
  if (!first || !isQuotable(first)) return { ...seen, opened: null, reply: '' };
  const { outcome: opened, reply } = await examine(talk, ['a7', quotedString(first.raw)], signal);
  return { ...seen, named: [...seen.named], opened, reply };
};

const asked = /^\w+ OK \[CAPABILITY ([^\]]*)\]|^\* CAPABILITY (.*)$/iu;

/** More is listed after the login than before (RFC 9051 §6.2.2), mostly along with the answer. */
const listsSpecialUse = ({ lines }: Answer): boolean | null => {
  const found = lines.map((line) => asked.exec(line)).find((match) => match !== null);
  const keywords = found?.[1] ?? found?.[2];
  return keywords === undefined ? null : keywords.toUpperCase().split(/\s+/u).includes('SPECIAL-USE');
};

/** `login`: the answer with which the login was accepted. Emits what it sees of the inbox, then of the sent folder. */
export const lookIntoMailbox = async (
  talk: Talk,
  login: Answer,
  { signal, emit }: { signal: AbortSignal; emit(seen: Sighting): void },
): Promise<void> => {
  const inbox = await examine(talk, ['b1', 'INBOX'], signal);
  emit({ type: 'inbox', ...inbox } satisfies Inbox);
  // Who has not answered one question will not answer the next.
  if (talk.wire.ended() || (inbox.outcome !== 'opened' && inbox.outcome !== 'refused')) return;
  let knowsSpecialUse = listsSpecialUse(login);
  if (knowsSpecialUse === null) {
    say(talk, 'a4 CAPABILITY');
    knowsSpecialUse = listsSpecialUse(await hearImap(talk, 'a4')) ?? false;
  }
  emit(await lookForSentFolder(talk, { knowsSpecialUse, signal }));
};
