import { requirement } from '../../requirement.ts';

/** What HubSpot's own connections are called. */
const connections = { google: 'Google', microsoft: 'Microsoft 365' } as const;

/** Rests on who the provider is; a provider that we do not know has no connection of its own that we know of. */
export const nativeConnectionFirst = requirement('native-connection-first', {
  scope: 'account',
  step: null,
  shownBy: 'outside',
  sources: ['connect-inbox'],
  saidByHints: true,
  judge: (_seen, say, { provider }) =>
    provider?.native ? say.because('use-native', { provider: connections[provider.native] }) : say.pass(),
});
