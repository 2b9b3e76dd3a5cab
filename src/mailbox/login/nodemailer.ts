import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { createLine, type Speaker } from './line.ts';

export type SmtpMechanism = 'PLAIN' | 'LOGIN';

/** Logs in by this mechanism and no other. */
export const speakSmtp = (
  { username, password }: { username: string; password: string },
  mechanism: SmtpMechanism,
): Speaker => {
  const line = createLine();
  const connection = new SMTPConnection({
    host: 'localhost',
    secure: true,
    secured: true,
    connection: line,
    logger: false,
  });
  connection.on('error', () => {});
  connection.connect(() =>
    // It is closed before it could know how its login ended.
    connection.login({ user: username, pass: password, method: mechanism }, () => {}),
  );
  // Its EHLO has been asked and answered on the session.
  line.say('220 ready');
  const greeted = line.next().then(() => line.say(`250 AUTH ${mechanism}`));
  let message = '';
  return {
    next: async () => {
      await greeted;
      const said = await line.next();
      const [, along] = /^AUTH PLAIN (.+)$/u.exec(said) ?? [];
      message = along ?? message;
      // A server may ask for what has gone along with the command (RFC 4954 §4); the library then sends an empty line.
      return said === '' ? message : said;
    },
    goOn: () => line.say('334 '),
    close: () => connection.close(),
  };
};
