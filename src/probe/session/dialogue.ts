import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { Spoken } from '../../diagnosis/observed/observation.ts';
import type { Unspoken } from '../../diagnosis/observed/refusal.ts';
import type { BoundedSocket, LineRead } from '../../net/bounded-socket.ts';
import { limits } from '../../net/limits.ts';
import type { Manners } from '../context.ts';
import { clean, decode } from './clean.ts';
import type { GreetingFacts } from './facts.ts';
import { recogniseGreeting } from './greeting.ts';

export type DialogueLine = { from: 'server' | 'client' | 'note'; text: string };

/**
 * One conversation with a mail server. `lines` grows as it is spoken and never holds a secret: what carries one is
 * sent by `sayHidden`, and from then on lines that `conceal` knows are hidden.
 */
export type Talk = {
  wire: BoundedSocket;
  service: Service;
  lines: DialogueLine[];
  conceal?: (line: string) => boolean;
  /** The greeting as it came: it may announce what the server can do. */
  greeted?: string;
  /** Shared by all conversations with the server. */
  manners?: Manners;
};

const keptLines = 60;
const linesPerAnswer = 100;

/** Stands in the place of what must not be shown. */
export const hidden = '(hidden)';

/** In characters: twice what is shown of a line, and all that is looked at to see whether it may be. */
const longestLooked = 400;

/** What of a server's words may be shown: cleaned, and nothing where they repeat the secret. */
export const shownText = (talk: Talk, words: string): string => {
  const text = words.slice(0, longestLooked);
  const shown = clean(text);
  // Taking out what cannot be seen may put together what stood apart.
  const all = new Set([text, shown]);
  return [...all].some((one) => talk.conceal?.(one)) ? hidden : shown;
};

/** The same of a line as it came, in bytes. */
export const shownLine = (talk: Talk, line: string): string => shownText(talk, decode(line));

export const note = (talk: Talk, from: DialogueLine['from'], text: string): void => {
  if (talk.lines.length >= keptLines) return;
  // Only what servers send are bytes that stand for letters; our own lines are letters already.
  const shown = from === 'server' || talk.conceal?.(text) ? shownLine(talk, text) : clean(text);
  talk.lines.push({ from, text: shown });
};

const hear = async (talk: Talk, withinMs: number): Promise<LineRead> => {
  const read = await talk.wire.line(withinMs);
  if (read.outcome === 'line') note(talk, 'server', read.text);
  // Looking for the password takes a moment; of many lines that came at once, each lets others go first.
  if (talk.conceal) await setImmediate();
  return read;
};

export const say = (talk: Talk, command: string): void => {
  note(talk, 'client', command);
  talk.wire.send(`${command}\r\n`);
};

/** Sends a line that carries a secret; `shown` stands for it in the transcript. */
export const sayHidden = (talk: Talk, shown: string, line: string): void => {
  note(talk, 'client', `${shown} ${hidden}`.trim());
  talk.wire.send(`${line}\r\n`);
};

/** Waits for the greeting; an SMTP greeting may have several lines (RFC 5321 §4.2). */
export const awaitGreeting = async (
  talk: Talk,
  withinMs: number = limits.greetingMs,
): Promise<GreetingFacts> => {
  const started = performance.now();
  const passed = (): number => Math.round(performance.now() - started);
  const lines: string[] = [];
  const spokenOf = (last: string): Spoken => {
    const [first = last, ...more] = [...lines, last];
    return recogniseGreeting(first, { more });
  };
  for (let count = 0; count < linesPerAnswer; count += 1) {
    const read = await hear(talk, withinMs - passed());
    if (read.outcome !== 'line') {
      // A server that says half a line and hangs up has still said something; one that dribbles has not greeted yet.
      if ((read.outcome === 'closed' || read.outcome === 'reset') && read.partial.length > 3) {
        const spoken = spokenOf(read.partial.toString('latin1'));
        if (spoken.protocol !== 'other') return { outcome: 'spoken', spoken, ms: passed() };
      }
      return { outcome: read.outcome, ms: passed() };
    }
    if (!/^\d{3}-/u.test(read.text)) {
      talk.greeted = read.text;
      return { outcome: 'spoken', spoken: spokenOf(read.text), ms: passed() };
    }
    lines.push(read.text);
  }
  return { outcome: 'too-long', ms: passed() };
};

/** `go-on`: the server asks for the next piece (IMAP `+`, SMTP 334). `lines` as sent, all that came. */
export type Answer = { outcome: 'ok' | 'go-on' | 'refused' | Unspoken; lines: string[]; last: string };

type End = 'ok' | 'go-on' | 'refused' | null;

/** Until when, and whether lines of data may be longer than any that is read: those are let go of. */
type Patience = { withinMs: number; skipsLong?: boolean };

/** A line of data in an answer of IMAP (RFC 9051 §2.2.2); no answer to a command begins like this. */
const isData = (partial: Buffer): boolean => partial.toString('latin1', 0, 2) === '* ';

const collect = async (
  talk: Talk,
  { withinMs, skipsLong = false }: Patience,
  isLast: (line: string) => End,
): Promise<Answer> => {
  const lines: string[] = [];
  const started = performance.now();
  const left = (): number => withinMs - (performance.now() - started);
  for (let count = 0; count < linesPerAnswer; count += 1) {
    const read = await hear(talk, left());
    if (read.outcome === 'too-long' && skipsLong && isData(read.partial)) {
      const skipped = await talk.wire.skipLine(left());
      if (skipped.outcome !== 'skipped') return { outcome: skipped.outcome, lines, last: '' };
      note(talk, 'note', 'a line too long to be read');
      continue;
    }
    if (read.outcome !== 'line') return { outcome: read.outcome, lines, last: '' };
    lines.push(read.text);
    const end = isLast(read.text);
    if (end) return { outcome: end, lines, last: shownLine(talk, read.text) };
  }
  return { outcome: 'too-long', lines, last: '' };
};

/** RFC 9051 §4.3, for text without control characters and with ASCII only. */
export const quotedString = (text: string): string => `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;

/** The answer to the IMAP command with this tag. */
export const hearImap = (
  talk: Talk,
  tag: string,
  patience: Patience = { withinMs: limits.answerMs },
): Promise<Answer> => {
  const tagged = new RegExp(`^${tag} (OK|NO|BAD)\\b`, 'iu');
  return collect(talk, patience, (line) => {
    if (/^\+(?: |$)/u.test(line)) return 'go-on';
    const result = tagged.exec(line)?.[1];
    return result ? (result.toUpperCase() === 'OK' ? 'ok' : 'refused') : null;
  });
};

export const askImap = (talk: Talk, tag: string, command: string): Promise<Answer> => {
  say(talk, `${tag} ${command}`);
  return hearImap(talk, tag);
};

export const hearSmtp = (talk: Talk, withinMs: number = limits.answerMs): Promise<Answer> =>
  collect(talk, { withinMs }, (line) => {
    if (/^\d{3}-/u.test(line)) return null;
    if (/^334(?: |$)/u.test(line)) return 'go-on';
    return /^2\d\d(?: |$)/u.test(line) ? 'ok' : 'refused';
  });

export const askSmtp = (talk: Talk, command: string, withinMs?: number): Promise<Answer> => {
  say(talk, command);
  return hearSmtp(talk, withinMs);
};

/** Takes leave politely, without waiting: daemons log clients that just hang up. */
export const takeLeave = (talk: Talk): void => {
  if (talk.wire.socket.writable) {
    say(talk, talk.service === 'smtp' ? 'QUIT' : 'a9 LOGOUT');
    talk.wire.socket.end();
    talk.wire.socket.unref();
  }
  setTimeout(talk.wire.close, 250).unref();
};
