import { randomBytes } from 'node:crypto';
import { testMailSubject } from '../../diagnosis/observed/rehearsal.ts';
import { mailbox } from '../../probe/login/smtp.ts';

/** By this header alone the mail is known: gateways replace a Message-ID. */
export const ownHeader = 'X-Connect-Email-Test';

export type TestMail = { id: string; message: Buffer };

/** No other run has it, and no mail holds it by chance. */
const newId = (): string => randomBytes(16).toString('hex');

/** For whoever meets it before it is removed, whichever language they read. */
const body = [
  'This message was sent by connect-email at the request of the owner of this mailbox,',
  'to find out whether mail arrives. It is removed again by itself. If it is still here,',
  'it can be deleted.',
  '',
  'Diese Nachricht hat connect-email im Auftrag der Person gesendet, der dieses Postfach',
  'geh=C3=B6rt, um zu pr=C3=BCfen, ob E-Mails ankommen. Sie wird von selbst wieder entfernt.',
  'Liegt sie noch hier, kann sie gel=C3=B6scht werden.',
];

/**
 * A mail from the address to itself. No program answers it by itself (RFC 3834 §5; the other header is what Exchange goes
 * by). `now` in milliseconds since the epoch.
 */
export const writeTestMail = (address: string, now: number): TestMail => {
  const id = newId();
  const own = mailbox(address);
  const domain = own.slice(own.lastIndexOf('@') + 1);
  const date = new Date(now).toUTCString().replace('GMT', '+0000');
  const lines = [
    `From: <${own}>`,
    `To: <${own}>`,
    `Subject: ${testMailSubject}`,
    `Date: ${date}`,
    `Message-ID: <${id}@${domain}>`,
    'Auto-Submitted: auto-generated',
    'X-Auto-Response-Suppress: All',
    `${ownHeader}: ${id}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    ...body,
    '',
    // For reports that send back the text without its header.
    id,
    '',
  ];
  return { id, message: Buffer.from(lines.join('\r\n'), 'latin1') };
};
