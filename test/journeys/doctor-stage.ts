/** `connect-email doctor` as an operator runs it, in an environment of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Scope, startNameServer } from '../mail-servers/index.ts';

const main = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));

const examination = z.strictObject({
  ok: z.boolean(),
  parts: z.array(
    z.strictObject({
      part: z.string(),
      platform: z.enum(['slack', 'teams']).optional(),
      outcome: z.enum(['good', 'warning', 'bad', 'left-out']),
      found: z.string(),
      text: z.string().min(10),
      values: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type Examined = z.infer<typeof examination>;

type Asked = {
  /** The folder in which it is run; `.env` is read from there. */
  folder: string;
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
};
export type Ran = { code: number | null; out: string; err: string; ms: number };

/** With no setting but those that are named. */
export const doctor = async ({ folder, env = {}, args = [] }: Asked): Promise<Ran> => {
  const began = performance.now();
  const child = spawn(process.execPath, [main, 'doctor', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, out, err, ms: performance.now() - began };
};

export const examined = async (asked: Asked): Promise<Examined & Ran> => {
  const ran = await doctor({ ...asked, args: ['--json', ...(asked.args ?? [])] });
  return { ...ran, ...examination.parse(JSON.parse(ran.out)) };
};

/** What was found in a part; several for a part that is there more than once. */
export const foundIn = ({ parts }: Examined, part: string): string =>
  parts
    .filter((one) => one.part === part)
    .map(({ outcome, found, platform }) => [outcome, found, platform].filter(Boolean).join(' '))
    .join(', ');

/** Settings with a name server that knows nobody, so that no test looks at the internet. */
export const nobodyKnown = async (servers: Scope): Promise<Readonly<Record<string, string>>> => {
  const { address, port } = await servers.start(startNameServer([{ type: 'EMPTY', name: 'imap.gmail.com' }]));
  return { CHECK_DNS_SERVERS: `${address}:${port}`, LOG_LEVEL: 'silent' };
};

/** The URL of a web server that goes with the scope. */
export const listening = async (
  servers: Scope,
  answer: RequestListener,
  tls?: { cert: Buffer; key: Buffer },
): Promise<string> => {
  const server = tls ? createSecureServer(tls, answer) : createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await servers.start(
    Promise.resolve({
      stop: async () => {
        server.closeAllConnections();
        server.close();
      },
    }),
  );
  const at = server.address();
  const port = typeof at === 'object' && at ? at.port : 0;
  return `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}`;
};
