/** Peers that share no code with the servers here nor with the product: `openssl s_client` and plain sockets. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type At = { host: string; port: number };

/** Exit status and everything printed; the program is killed after three seconds. */
export function openssl(args: readonly string[], input = ''): Promise<{ ok: boolean; output: string }> {
  return new Promise((done) => {
    const child = execFile('openssl', args, { timeout: 3_000 }, (error, stdout, stderr) =>
      done({ ok: error === null, output: stdout + stderr }),
    );
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** A handshake and nothing more; `args` are further options of s_client. */
export function handshake(at: At, ...args: string[]) {
  return openssl([
    's_client',
    ...['-connect', `${at.host}:${at.port}`],
    ...['-cipher', 'DEFAULT@SECLEVEL=0', ...args],
  ]);
}

/** Speaks each line inside TLS once the reply to the one before has come. */
export async function insideTls(at: At, lines: readonly string[], ...args: string[]): Promise<string> {
  const target = ['-connect', `${at.host}:${at.port}`];
  const child = spawn('openssl', ['s_client', '-quiet', '-crlf', ...target, ...args]);
  const timer = setTimeout(() => child.kill(), 5_000);
  let output = '';
  let waiting = [...lines];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (!output.endsWith('\n')) return;
    const [next, ...rest] = waiting;
    waiting = rest;
    if (next !== undefined) child.stdin.write(`${next}\n`);
  });
  await once(child, 'close');
  clearTimeout(timer);
  return output;
}

export type Talk = { said: string; end: 'closed' | 'reset' | 'refused' | 'open' };

/** Connects in clear text, sends the lines, and listens until the peer ends it or the time is over. */
export async function talk(at: At, lines = '', forMs = 400): Promise<Talk> {
  const socket = connect(at);
  let said = '';
  let end: Talk['end'] = 'open';
  socket.on('data', (chunk) => {
    said += chunk.toString('latin1');
  });
  socket.on('end', () => {
    end = 'closed';
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    end = error.code === 'ECONNREFUSED' ? 'refused' : 'reset';
  });
  socket.write(lines);
  await Promise.race([sleep(forMs), once(socket, 'close').catch(() => undefined)]);
  socket.destroy();
  return { said, end };
}
