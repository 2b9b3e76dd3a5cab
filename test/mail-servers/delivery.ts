/** A mailbox as people have one: what its Postfix takes is delivered into its Dovecot, in a given way. */
import { chmod, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { type Dovecot, type DovecotOptions, REP, startDovecot } from './dovecot.ts';
import { type Postfix, type PostfixOptions, startPostfix } from './postfix.ts';
import { type Stoppable, tempFolder } from './processes.ts';

/** Shell, for one mail: `deliver [FOLDER]` puts it into a folder, `$SENDER` is who sent it; its output and status are Postfix's. */
export type Delivery = string;

const intoInbox: Delivery = 'deliver INBOX';
export const into = (folder: string): Delivery => `deliver ${JSON.stringify(folder)}`;
export const after = (seconds: number): Delivery => `sleep ${seconds}; deliver INBOX`;
/** Of what a person sends; reports of the mail system itself arrive. `words` begin with the status. */
export const bouncing = (words: string): Delivery =>
  `case "$SENDER" in *@*) echo ${JSON.stringify(words)}; exit 69;; *) deliver INBOX;; esac`;

export type MailboxOptions = {
  certificate: Certificate;
  /** Default: into the inbox. */
  delivery?: Delivery;
  dovecot?: Partial<DovecotOptions>;
  postfix?: Partial<PostfixOptions>;
  /** A header, as a regular expression of Postfix, and what is done with a mail that has it. */
  headerCheck?: string;
};

export type Mailbox = Stoppable & { imap: Dovecot; smtp: Postfix; mailFolder: string };

const lda = '/usr/lib/dovecot/dovecot-lda';

/** Starts both; the sender of a mail is kept, and whatever its recipient, it goes to `REP`. */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const { certificate, delivery = intoInbox } = options;
  const imap = await startDovecot({ certificate, ...options.dovecot });
  const folder = await tempFolder('delivery');
  const mailFolder = join(dirname(imap.logFile), 'mail', REP.name);
  const config = join(folder.path, 'lda.conf');
  const script = join(folder.path, 'deliver');
  await writeFile(
    config,
    `protocols =
log_path = /dev/stderr
mail_location = maildir:${mailFolder}
first_valid_uid = 1
postmaster_address = postmaster@example.test
lda_mailbox_autocreate = yes
namespace inbox {
  inbox = yes
}
${options.dovecot?.settings?.includes('quota') ? options.dovecot.settings : ''}
`,
  );
  await writeFile(
    script,
    `#!/bin/sh
export HOME=${folder.path} USER=${REP.name}
SENDER=$1
deliver() { ${lda} -c ${config} -e -f "$SENDER" -m "$1"; }
${delivery}
`,
  );
  await chmod(script, 0o755);
  const headerChecks = join(folder.path, 'header_checks');
  if (options.headerCheck !== undefined) await writeFile(headerChecks, `${options.headerCheck}\n`);
  try {
    const smtp = await startPostfix({
      certificate,
      authSocket: imap.authSocket,
      services: [`deliver unix - n n - 10 pipe flags=R user=nobody argv=${script} \${sender}`],
      ...options.postfix,
      settings: {
        virtual_mailbox_domains: 'example.test',
        virtual_transport: 'deliver',
        ...(options.headerCheck === undefined ? {} : { header_checks: `regexp:${headerChecks}` }),
        ...options.postfix?.settings,
      },
    });
    const stop = async (): Promise<void> => {
      await Promise.all([imap.stop(), smtp.stop()]);
      await folder.remove();
    };
    return { imap, smtp, mailFolder, stop };
  } catch (error) {
    await imap.stop();
    await folder.remove();
    throw error;
  }
}
