import { type ActivitySource, createAuthenticate, issuer } from './authentication.ts';
import { type Connector, createConnector } from './connector.ts';

export type SdkOptions = {
  /** Null: nobody signs in, for tests on this machine. */
  app: { id: string; password: string | null; tenantId: string | null } | null;
  /** Keys of a local issuer instead of Microsoft's; then nothing is asked of Microsoft and nothing is sent with a token. */
  openIdMetadataUrl: string | null;
};

/** All that the SDK does for us. */
export type Sdk = Connector & {
  /** @throws TeamsError `unauthorized`, `keys-not-available` */
  authenticate(activity: ActivitySource, authorization: string): Promise<void>;
  /** Rejects when Microsoft gives the bot no token. */
  signIn(): Promise<void>;
};

const loginUrl = 'https://login.microsoftonline.com/botframework.com';

/** The SDK takes either all of its own addresses or all of ours. */
const localIssuer = (metadata: string) => ({
  ToBotFromChannelOpenIdMetadataUrl: metadata,
  ToBotFromEmulatorOpenIdMetadataUrl: metadata,
  ToBotFromChannelTokenIssuer: issuer,
  ToChannelFromBotLoginUrl: loginUrl,
  ToChannelFromBotOAuthScope: issuer,
  OAuthUrl: issuer,
});

/** Loads the SDK: 200 ms and 40 MB that only an installation with Teams pays. */
export const openSdk = async ({ app, openIdMetadataUrl }: SdkOptions): Promise<Sdk> => {
  // Of botbuilder only what carries and judges activities: its index loads ninety modules more, for handlers, skills and
  // other products, and has no other way to the adapter. Both packages are pinned to one version for this path's sake.
  const [core, { CloudAdapter }] = await Promise.all([
    import('botbuilder-core'),
    import('botbuilder/lib/cloudAdapter.js'),
  ]);
  const settings = {
    ...(app && { MicrosoftAppId: app.id }),
    ...(app?.password && { MicrosoftAppPassword: app.password }),
    ...(app?.tenantId && { MicrosoftAppTenantId: app.tenantId, MicrosoftAppType: 'SingleTenant' }),
    ...(openIdMetadataUrl && localIssuer(openIdMetadataUrl)),
  };
  const base = new core.ConfigurationServiceClientCredentialFactory(
    openIdMetadataUrl ? { MicrosoftAppId: app?.id ?? '' } : settings,
  );
  const anonymous = new core.ConfigurationServiceClientCredentialFactory({});
  if (openIdMetadataUrl) base.createCredentials = (...all) => anonymous.createCredentials(...all);
  const authentication = new core.ConfigurationBotFrameworkAuthentication(settings, base);

  return {
    ...createConnector(new CloudAdapter(authentication), app?.id ?? ''),
    authenticate: createAuthenticate(authentication, { isOpen: app === null }),
    signIn: async () => {
      if (!app || openIdMetadataUrl) return;
      const credentials = await base.createCredentials(app.id, issuer, loginUrl, true);
      if (!('getToken' in credentials) || typeof credentials.getToken !== 'function')
        throw new Error('the SDK has no credentials that can sign in');
      await credentials.getToken();
    },
  };
};
