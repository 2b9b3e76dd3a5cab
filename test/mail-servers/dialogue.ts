/** Scripted IMAP and SMTP dialogues over any socket: what is said first, and what is answered to each line. */
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { type Bind, type Listening, startListener } from './sockets.ts';

export type Action =
  /** Sent as it stands, line ends included; `{tag}` becomes the first word of the line it answers. */
  | string
  | { say?: string; next: 'close' | 'reset' | 'silence' }
  /** Says the line, then speaks TLS on the same connection; `inject` follows the line in clear text. */
  | { say: string; next: 'tls'; certificate: Certificate; inject?: string; tls?: SecureContextOptions };

export type Dialogue = {
  greeting: Action;
  /** First match answers. A RegExp sees the whole line without its end; a string is matched ignoring case. */
  answers?: readonly (readonly [question: RegExp | string, answer: Action])[];
  /** To all other lines. Default: `{tag} BAD`/`500`, whichever the greeting's protocol uses. */
  otherwise?: Action;
  /** Dialogue after TLS has started (its greeting is not sent). Default: the same answers. */
  afterTls?: Omit<Dialogue, 'greeting' | 'afterTls'>;
};

/** Longest line kept; a client that sends more has lost its way. */
const MAXIMUM_LINE = 64 * 1024;

/** A listener that plays the dialogue on each connection. `received` collects the lines of all of them. */
export async function startScripted(
  dialogue: Dialogue,
  bind?: Bind,
): Promise<Listening & { received: readonly string[] }> {
  const received: string[] = [];
  const listening = await startListener((socket) => playDialogue(socket, dialogue, received), bind);
  return { ...listening, received };
}

export function playDialogue(socket: Socket, dialogue: Dialogue, received: string[]): void {
  void act(socket, dialogue.greeting, '', dialogue, received);
  listen(socket, dialogue, received);
}

function listen(socket: Socket, dialogue: Dialogue, received: string[]): void {
  let rest = '';
  const onData = (chunk: Buffer) => {
    rest += chunk.toString('latin1');
    if (rest.length > MAXIMUM_LINE) socket.destroy();
    for (;;) {
      const end = rest.indexOf('\n');
      if (end < 0 || socket.destroyed) return;
      const line = rest.slice(0, end).replace(/\r$/, '');
      rest = rest.slice(end + 1);
      received.push(line);
      const answer = answerTo(line, dialogue);
      if (typeof answer === 'object' && answer.next === 'tls') socket.off('data', onData);
      void act(socket, answer, line, dialogue, received);
    }
  };
  socket.on('data', onData);
}

function answerTo(line: string, dialogue: Dialogue): Action {
  for (const [question, answer] of dialogue.answers ?? []) {
    if (typeof question === 'string' ? line.toLowerCase() === question.toLowerCase() : question.test(line)) {
      return answer;
    }
  }
  const smtp = typeof dialogue.greeting === 'string' && /^\d/.test(dialogue.greeting);
  return (
    dialogue.otherwise ?? (smtp ? '500 5.5.1 Not in this script\r\n' : '{tag} BAD Not in this script\r\n')
  );
}

async function act(
  socket: Socket,
  action: Action,
  line: string,
  dialogue: Dialogue,
  received: string[],
): Promise<void> {
  const tag = line.split(' ', 1)[0] ?? '';
  const text = (typeof action === 'string' ? action : (action.say ?? '')).replaceAll('{tag}', tag);
  if (typeof action === 'string') {
    socket.write(text, 'latin1');
    return;
  }
  switch (action.next) {
    case 'close':
      socket.end(text, 'latin1');
      return;
    case 'reset':
      socket.write(text, 'latin1', () => socket.resetAndDestroy());
      return;
    case 'silence':
      if (text !== '') socket.write(text, 'latin1');
      socket.removeAllListeners('data');
      socket.resume();
      return;
    case 'tls': {
      // One write, so that the injected bytes arrive in the same segment as the answer.
      socket.pause();
      const [cert, key] = await Promise.all([
        readFile(action.certificate.certFile),
        readFile(action.certificate.keyFile),
      ]);
      const secureContext = createSecureContext({ cert, key, ciphers: 'DEFAULT@SECLEVEL=0', ...action.tls });
      socket.write(text + (action.inject ?? ''), 'latin1');
      const secure = new TLSSocket(socket, { isServer: true, secureContext });
      secure.on('error', () => socket.destroy());
      listen(secure, { ...dialogue, ...dialogue.afterTls }, received);
      return;
    }
    default:
      action satisfies never;
  }
}
