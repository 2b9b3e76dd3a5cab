/** Times a login test, a rehearsal, and the bare libraries that do the same steps. Prints the figures of each round as JSON. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { writeTestMail } from '../../src/mailbox/message/test-mail.ts';
import { REP } from '../../test/mail-servers/index.ts';
import { checkerOf, rehearsedMs, type Where } from './account.ts';

const where: Where = JSON.parse(process.argv[2] ?? '{}');
const { address, imaps, smtps } = where;
const rounds = Number(process.argv[3] ?? 3);
const check = await checkerOf(where);

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await work();
  return performance.now() - started;
};

const rehearse = async (): Promise<number> => {
  const result = await check({ patienceMs: 20_000 });
  const { verdict } = result.assessment;
  if (verdict !== 'ready') throw new Error(`expected a good mailbox, it is ${verdict}`);
  return rehearsedMs(result);
};

const openImap = async (): Promise<ImapFlow> => {
  const client = new ImapFlow({
    ...{ host: address, port: imaps, secure: true, logger: false, disableAutoIdle: true },
    auth: { user: REP.name, pass: REP.password },
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  return client;
};

const openSmtp = async (): Promise<SMTPConnection> => {
  const connection = new SMTPConnection({
    ...{ host: address, port: smtps, secure: true, tls: { rejectUnauthorized: false } },
  });
  await new Promise<void>((resolve) => connection.connect(() => resolve()));
  await new Promise<void>((resolve) =>
    connection.login({ user: REP.name, pass: REP.password }, () => resolve()),
  );
  return connection;
};

const uidIn = async (client: ImapFlow, id: string): Promise<number> => {
  for (;;) {
    const found = await client.search({ header: { 'X-Connect-Email-Test': id } }, { uid: true });
    if (found && found[0] !== undefined) return found[0];
    // What came before it listened is not told.
    const told = new Promise((resolve) => client.once('exists', resolve));
    void client.idle();
    await Promise.race([told, sleep(500)]);
  }
};

/** The same steps by the libraries alone, one after another. */
const bare = async (): Promise<void> => {
  const first = await openImap();
  await first.list();
  await first.mailboxOpen('INBOX', { readOnly: true });
  const second = await openImap();
  await second.mailboxOpen('Sent', { readOnly: true });
  const third = await openImap();
  const sender = await openSmtp();
  const idle = await openSmtp();
  const { id, message } = writeTestMail(REP.name, Date.now());
  await new Promise<void>((resolve) =>
    sender.send({ from: REP.name, to: [REP.name] }, message, () => resolve()),
  );
  await second.append('Sent', message, ['\\Seen']);
  const uid = await uidIn(first, id);
  await first.mailboxOpen('INBOX');
  await first.messageDelete(String(uid), { uid: true });
  await second.mailboxOpen('Sent');
  await second.messageDelete(String(await uidIn(second, id)), { uid: true });
  for (const client of [first, second, third]) await client.logout();
  for (const connection of [sender, idle]) connection.quit();
};

const figures = { login: [], rehearsal: [], bare: [] } as Record<'login' | 'rehearsal' | 'bare', number[]>;
// The libraries are loaded once, and not timed.
await rehearse();
for (let round = 0; round < rounds; round += 1) {
  figures.login.push(await timed(() => check(null)));
  figures.rehearsal.push(await rehearse());
  figures.bare.push(await timed(bare));
}
process.stdout.write(JSON.stringify(figures));
process.exit(0);
