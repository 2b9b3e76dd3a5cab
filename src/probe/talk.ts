import { isIPv6 } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Service } from '../diagnosis/endpoint.ts';
import type { ObservationOf, Unspoken } from '../diagnosis/observation.ts';
import { limits } from '../net/limits.ts';
import type { LineRead, Wire } from '../net/wire.ts';
import { clean, decode } from './clean.ts';
import { recogniseGreeting } from './greeting.ts';

export type Line = { from: 'server' | 'client' | 'note'; text: string };

/** One conversation with a mail server. `lines` grows as it is spoken; never holds a secret, since none is sent here. */
export type Talk = {
  wire: Wire;
  service: Service;
  lines: Line[];
  /** The greeting as it came: it may announce what the server can do. */
  greeted?: string;
};

type Facts<T extends 'greeting' | 'capabilities' | 'starttls'> =
  ObservationOf<T> extends infer O
    ? O extends unknown
      ? Omit<O, 'service' | 'at' | 'type' | 'layer'>
      : never
    : never;
export type GreetingFacts = Facts<'greeting'>;
export type CapabilityFacts = Facts<'capabilities'>;
export type StarttlsFacts = Facts<'starttls'>;

const keptLines = 60;
const linesPerAnswer = 100;

export const note = (talk: Talk, from: Line['from'], text: string): void => {
  if (talk.lines.length < keptLines) talk.lines.push({ from, text: clean(decode(text)) });
};

const hear = async (talk: Talk, withinMs: number): Promise<LineRead> => {
  const read = await talk.wire.line(withinMs);
  if (read.outcome === 'line') note(talk, 'server', read.text);
  return read;
};

const say = (talk: Talk, command: string): void => {
  note(talk, 'client', command);
  talk.wire.send(`${command}\r\n`);
};

/** Waits for the greeting; an SMTP greeting may have several lines (RFC 5321 §4.2). */
export const awaitGreeting = async (
  talk: Talk,
  withinMs: number = limits.greetingMs,
): Promise<GreetingFacts> => {
  const started = performance.now();
  const passed = (): number => Math.round(performance.now() - started);
  for (let count = 0; count < linesPerAnswer; count += 1) {
    const read = await hear(talk, withinMs - passed());
    if (read.outcome !== 'line') {
      // A server that says half a line and hangs up has still said something; one that dribbles has not greeted yet.
      if ((read.outcome === 'closed' || read.outcome === 'reset') && read.partial.length > 3) {
        const spoken = recogniseGreeting(read.partial.toString('latin1'));
        if (spoken.protocol !== 'other') return { outcome: 'spoken', spoken, ms: passed() };
      }
      return { outcome: read.outcome, ms: passed() };
    }
    if (!/^\d{3}-/u.test(read.text)) {
      talk.greeted = read.text;
      return { outcome: 'spoken', spoken: recogniseGreeting(read.text), ms: passed() };
    }
  }
  return { outcome: 'too-long', ms: passed() };
};

type Answer =
  | { outcome: 'ok' | 'refused'; lines: string[]; last: string }
  | { outcome: Unspoken; last: string };

const collect = async (talk: Talk, isLast: (line: string) => 'ok' | 'refused' | null): Promise<Answer> => {
  const lines: string[] = [];
  const started = performance.now();
  while (lines.length < linesPerAnswer) {
    const read = await hear(talk, limits.answerMs - (performance.now() - started));
    if (read.outcome !== 'line') return { outcome: read.outcome, last: '' };
    lines.push(read.text);
    const end = isLast(read.text);
    if (end) return { outcome: end, lines, last: clean(decode(read.text)) };
  }
  return { outcome: 'too-long', last: '' };
};

const askImap = (talk: Talk, tag: string, command: string): Promise<Answer> => {
  say(talk, `${tag} ${command}`);
  const tagged = new RegExp(`^${tag} (OK|NO|BAD)\\b`, 'iu');
  return collect(talk, (line) => {
    const result = tagged.exec(line)?.[1];
    return result ? (result.toUpperCase() === 'OK' ? 'ok' : 'refused') : null;
  });
};

const askSmtp = (talk: Talk, command: string): Promise<Answer> => {
  say(talk, command);
  return collect(talk, (line) =>
    /^\d{3}-/u.test(line) ? null : /^2\d\d(?: |$)/u.test(line) ? 'ok' : 'refused',
  );
};

/** RFC 5321 §4.1.3: a client without a name of its own gives its address. */
const ehlo = ({ socket }: Wire): string => {
  const address = socket.localAddress ?? '127.0.0.1';
  return `EHLO [${isIPv6(address) ? `IPv6:${address}` : address}]`;
};

const imapKeywords = (keywords: string): CapabilityFacts => {
  const names = keywords.trim().toUpperCase().split(/\s+/u);
  const mechanisms = names.flatMap((name) => (name.startsWith('AUTH=') ? [name.slice(5)] : []));
  return { outcome: 'listed', names, mechanisms, reply: '' };
};

/** Keywords are read per line: a host name such as `no-starttls.example` in the first line is none. */
const smtpKeywords = (lines: readonly string[]): CapabilityFacts => {
  const keywords = lines.slice(1).map((line) => line.slice(4).trim().toUpperCase());
  const mechanisms = keywords.flatMap((line) => /^AUTH[ =](.*)$/u.exec(line)?.[1]?.split(/[ =]+/u) ?? []);
  return {
    outcome: 'listed',
    names: keywords.map((line) => line.split(/[ =]/u)[0] ?? '').filter((name) => name !== ''),
    mechanisms: [...new Set(mechanisms.filter((name) => name !== ''))],
    reply: '',
  };
};

const bracketed = /\[CAPABILITY ([^\]]*)\]/iu;

const unheard = (outcome: Exclude<CapabilityFacts['outcome'], 'listed'>, reply: string): CapabilityFacts => ({
  outcome,
  names: [],
  mechanisms: [],
  reply,
});

/** Asks what the server can do, unless its greeting has just said so (RFC 9051 §7.1). */
export const askCapabilities = async (talk: Talk, greeting: string | null): Promise<CapabilityFacts> => {
  if (talk.service === 'smtp') {
    const answer = await askSmtp(talk, ehlo(talk.wire));
    if (answer.outcome === 'ok') return smtpKeywords(answer.lines);
    // Only these mean a server without extensions (RFC 5321 §4.2.4); any other refusal is about us or this moment.
    const noExtensions = answer.outcome === 'refused' && /^50[0-4]\b/u.test(answer.last);
    return unheard(answer.outcome === 'refused' && !noExtensions ? 'denied' : answer.outcome, answer.last);
  }
  const announced = greeting === null ? null : bracketed.exec(greeting)?.[1];
  if (announced) return imapKeywords(announced);
  const answer = await askImap(talk, 'a1', 'CAPABILITY');
  if (answer.outcome !== 'ok')
    return unheard(answer.outcome === 'refused' ? 'denied' : answer.outcome, answer.last);
  const listed = answer.lines.map((line) => /^\* CAPABILITY (.*)$/iu.exec(line)?.[1]).find(Boolean);
  return listed ? imapKeywords(listed) : unheard('denied', answer.last);
};

/** Asks for STARTTLS (RFC 9051 §6.2.1, RFC 3207 §4) and makes sure that nothing was slipped in behind the reply. */
export const askStarttls = async (talk: Talk): Promise<StarttlsFacts> => {
  const answer =
    talk.service === 'smtp' ? await askSmtp(talk, 'STARTTLS') : await askImap(talk, 'a2', 'STARTTLS');
  if (answer.outcome === 'refused') return { outcome: 'refused', reply: answer.last };
  if (answer.outcome !== 'ok') return { outcome: answer.outcome, reply: '' };
  return { outcome: talk.wire.unread() > 0 ? 'injected' : 'accepted', reply: answer.last };
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
