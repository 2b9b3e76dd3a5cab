import { setImmediate } from 'node:timers/promises';
import { ImapFlow, type ImapTransport, type ImapTransportSocket } from 'imapflow';
import { createLine, type Speaker } from './line.ts';

type ImapMechanism = 'PLAIN' | 'LOGIN' | 'LOGIN command';

/** As the library wants them named. */
export const loginMethods: Readonly<Record<ImapMechanism, string>> = {
  PLAIN: 'AUTH=PLAIN',
  LOGIN: 'AUTH=LOGIN',
  'LOGIN command': 'LOGIN',
};

/** Over a socket that is open already. */
export const transportOver = (socket: ImapTransportSocket): ImapTransport => ({
  connect: (_, onConnect) => {
    void setImmediate().then(onConnect);
    return socket;
  },
});

/**
 * What the mechanism LOGIN is asked, in base64: `Username:`, then `Password:`. No standard has these words, servers
 * translate them, and the library takes back a login for others.
 */
const prompts: readonly string[] = ['VXNlcm5hbWU6', 'UGFzc3dvcmQ6'];

/** The library counts its tags from here; `tag` stands in its place, since the session has used others already. */
const firstTag = /^1 /u;

export type ImapWay = {
  mechanism: ImapMechanism;
  tag: string;
  /**
   * The message of PLAIN goes along with the command (SASL-IR, RFC 4959 §3). The library waits to be asked for it, which
   * costs a round trip: here it is asked by us.
   */
  sendsAlong?: boolean;
};

/** Logs in by this mechanism and no other. */
export const speakImap = (
  { username, password }: { username: string; password: string },
  { mechanism, tag, sendsAlong = false }: ImapWay,
): Speaker => {
  const line = createLine();
  const client = new ImapFlow({
    host: 'localhost',
    secure: true,
    auth: { user: username, pass: password, loginMethod: loginMethods[mechanism] },
    transport: transportOver(line),
    logger: false,
  });
  client.on('error', () => {});
  // It is closed before it could know how its login ended.
  client.connect().catch(() => {});
  const listed = mechanism === 'LOGIN command' ? '' : ` ${loginMethods[mechanism]}`;
  line.say(`* OK [CAPABILITY IMAP4rev1${listed}] ready`);
  const asked = prompts.values();
  const goOn = () => line.say(`+ ${mechanism === 'LOGIN' ? (asked.next().value ?? '') : ''}`);
  let message = '';
  return {
    next: async () => {
      // A server that asks for it all the same gets it once more.
      if (message !== '') return message;
      const said = (await line.next()).replace(firstTag, `${tag} `);
      if (!sendsAlong) return said;
      goOn();
      message = await line.next();
      return `${said} ${message}`;
    },
    goOn: () => {
      if (message === '') goOn();
    },
    close: () => client.close(),
  };
};
