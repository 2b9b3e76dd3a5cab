/** What a mail server says line by line, as far as anybody who looks at it asks. */

/** The one password of the sample company. */
export const samplePassword = 'demo';

type Said = { line: string; isLast?: boolean };
/** `null`: nothing is said. */
export type Dialogue = { greeting: string; answer(line: string): Said | null };

const isPassword = (base64: string): boolean =>
  Buffer.from(base64, 'base64').toString().split('\0').at(-1) === samplePassword;

const lines = (...all: readonly string[]): Said => ({ line: all.join('\r\n') });

const capabilities = '* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR ID';
const folders = [
  '* LIST (\\HasNoChildren) "/" "INBOX"',
  '* LIST (\\HasNoChildren \\Sent) "/" "Sent"',
  '* LIST (\\HasNoChildren \\Drafts) "/" "Drafts"',
];

const emptyFolder = ['* FLAGS (\\Seen)', '* 0 EXISTS', '* OK [UIDVALIDITY 1] valid', '* OK [UIDNEXT 1] next'];

/** RFC 9051, without mail. */
export const imap = (host: string): Dialogue => {
  /** The tag of an AUTHENTICATE whose next line is the password. */
  let awaits: string | null = null;
  let isIn = false;
  const entered = (tag: string, isRight: boolean): Said => {
    isIn = isRight;
    return lines(isRight ? `${tag} OK welcome` : `${tag} NO [AUTHENTICATIONFAILED] wrong password`);
  };
  const inside = (tag: string, command: string): Said | null => {
    if (command === 'LIST') return lines(...folders, `${tag} OK done`);
    if (command === 'SELECT' || command === 'EXAMINE')
      return lines(...emptyFolder, `${tag} OK [READ-ONLY] done`);
    if (command === 'STATUS') return lines('* STATUS "INBOX" (MESSAGES 0)', `${tag} OK done`);
    if (command === 'CLOSE' || command === 'UNSELECT') return lines(`${tag} OK done`);
    if (command === 'NAMESPACE') return lines('* NAMESPACE (("" "/")) NIL NIL', `${tag} OK done`);
    return null;
  };
  return {
    greeting: `* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR ID] ${host} is ready`,
    answer: (line) => {
      if (awaits !== null) {
        const tag = awaits;
        awaits = null;
        return entered(tag, isPassword(line));
      }
      const [tag = '*', typed = '', ...rest] = line.split(' ');
      const command = typed.toUpperCase();
      if (command === 'CAPABILITY') return lines(capabilities, `${tag} OK done`);
      if (command === 'NOOP') return lines(`${tag} OK done`);
      if (command === 'ID') return lines('* ID ("name" "sample")', `${tag} OK done`);
      if (command === 'LOGOUT') return { ...lines('* BYE', `${tag} OK done`), isLast: true };
      if (command === 'LOGIN')
        return entered(tag, /"?([^"]*)"?$/u.exec(rest.at(-1) ?? '')?.[1] === samplePassword);
      if (command === 'AUTHENTICATE' && rest[1] !== undefined) return entered(tag, isPassword(rest[1]));
      if (command === 'AUTHENTICATE') {
        awaits = tag;
        return lines('+ ');
      }
      return (isIn ? inside(tag, command) : null) ?? lines(`${tag} BAD unknown here`);
    },
  };
};

/** RFC 5321 and 4954, without mail. */
export const smtp = (host: string): Dialogue => {
  let awaits = false;
  const entered = (isRight: boolean): Said =>
    lines(isRight ? '235 2.7.0 welcome' : '535 5.7.8 wrong password');
  return {
    greeting: `220 ${host} ESMTP`,
    answer: (line) => {
      if (awaits) {
        awaits = false;
        return entered(isPassword(line));
      }
      const [command = '', mechanism, initial] = line.split(' ');
      switch (command.toUpperCase()) {
        case 'EHLO':
          return lines(`250-${host}`, '250-SIZE 52428800', '250-8BITMIME', '250 AUTH PLAIN');
        case 'HELO':
        case 'NOOP':
        case 'RSET':
        case 'MAIL':
        case 'RCPT':
          return lines('250 2.0.0 fine');
        case 'AUTH':
          if (mechanism?.toUpperCase() !== 'PLAIN') return lines('504 5.5.4 only PLAIN');
          if (initial !== undefined) return entered(isPassword(initial));
          awaits = true;
          return lines('334 ');
        case 'QUIT':
          return { ...lines('221 2.0.0 bye'), isLast: true };
        case 'DATA':
          return lines('554 5.7.0 the sample company takes no mail');
        default:
          return lines('502 5.5.1 unknown here');
      }
    },
  };
};
