import type { Account } from '../../account/account.ts';
import { requirement } from '../../requirement.ts';

/** What HubSpot's own connections are called. */
const connections = { google: 'Google', microsoft: 'Microsoft 365' } as const;

/** The servers of their mailboxes, by whatever name of the company they are used: a gateway may stand in its MX. */
const servers = [
  { native: 'google', host: /^(?:imap|smtp|pop)\.(?:gmail|googlemail)\.com$|^smtp-relay\.gmail\.com$/u },
  {
    native: 'microsoft',
    host: /^(?:outlook|smtp|imap)\.office365\.com$|^(?:smtp-mail|imap-mail)\.outlook\.com$/u,
  },
] as const;

const byServer = ({ imap, smtp }: Account): keyof typeof connections | null => {
  const hosts = [imap, smtp].flatMap((endpoint) => endpoint?.asciiHost.toLowerCase() ?? []);
  return servers.find(({ host }) => hosts.some((one) => host.test(one)))?.native ?? null;
};

/** Rests on who the provider is, by domain, MX or server; one that we do not know has no connection of its own that we know of. */
export const nativeConnectionFirst = requirement('native-connection-first', {
  scope: 'account',
  step: null,
  shownBy: 'outside',
  sources: ['connect-inbox'],
  saidByHints: true,
  explains: {
    'auth-mechanism': ['oauth-only'],
    'app-password': ['required', 'may-be-required'],
    'login-accepted': ['basic-auth-disabled', 'wrong-credentials'],
  },
  judge: ({ account }, say, { provider }) => {
    const native = provider?.native ?? byServer(account);
    return native ? say.because('use-native', { provider: connections[native] }) : say.pass();
  },
});
