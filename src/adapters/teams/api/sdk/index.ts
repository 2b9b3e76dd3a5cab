import type { Activity, ConversationReference, TurnContext } from 'botbuilder';
import { rejectAfter } from '../../../../lib/timeout.ts';
import { statusOf, TeamsError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Service } from '../service.ts';
import { quietly } from './quiet.ts';

export type SdkOptions = {
  /** Null: nobody signs in, for tests on this machine. */
  app: { id: string; password: string | null; tenantId: string | null } | null;
  /** Keys of a local issuer instead of Microsoft's; then nothing is asked of Microsoft and nothing is sent with a token. */
  openIdMetadataUrl: string | null;
};

export type Received = { serviceUrl: string; channelId: string };
type Sent = Record<string, unknown>;

/** All that the SDK does for us. Rejects with its own errors, which carry `statusCode`; see errors.ts. */
export type Sdk = {
  /** @throws TeamsError `unauthorized`, `keys-not-available` */
  authenticate(activity: Received, authorization: string): Promise<void>;
  /** Rejects when Microsoft gives the bot no token. */
  signIn(): Promise<void>;
  /** Resolves to the activity's id. */
  send(service: Service, conversation: string, activity: Sent): Promise<string>;
  update(service: Service, conversation: string, activity: Sent & { id: string }): Promise<void>;
  /** A new conversation: a thread in a channel or a chat with a person. Resolves to the conversation's id. */
  create(service: Service, parameters: Record<string, unknown>): Promise<string>;
  /** What Teams knows of a member. */
  member(service: Service, conversation: string, id: string): Promise<unknown>;
};

/** The part of the SDK's connector client that we use; it has no public type of its own in the package. */
type Options = { abortSignal: AbortSignal };
type Connector = {
  client: { pipeline: { removePolicy(which: { name: string }): unknown } };
  conversations: {
    createConversation(parameters: Record<string, unknown>, options: Options): Promise<{ id?: string }>;
    sendToConversation(id: string, activity: Partial<Activity>, options: Options): Promise<{ id?: string }>;
    updateActivity(
      id: string,
      activityId: string,
      activity: Partial<Activity>,
      options: Options,
    ): Promise<unknown>;
    getConversationMember(id: string, memberId: string, options: Options): Promise<unknown>;
  };
};

/** Tokens of Teams' service; see “Authenticate requests from the Bot Connector service to your bot” in Microsoft's documentation. */
const issuer = 'https://api.botframework.com';

const noKeys = (cause?: unknown): TeamsError =>
  new TeamsError('keys-not-available', "the keys of Teams' tokens could not be fetched", { cause });

const loginUrl = 'https://login.microsoftonline.com/botframework.com';

/** Whatever is wrong with a token is the sender's fault; only keys that we could not get are not. */
const refusal = (error: unknown): TeamsError => {
  if (error instanceof TeamsError) return error;
  const isOurs = statusOf(error) === 500 || (error instanceof Error && error.name === 'FetchError');
  return isOurs ? noKeys(error) : new TeamsError('unauthorized', 'the token was refused', { cause: error });
};

/** The SDK takes either all of its own addresses or all of ours. */
const localIssuer = (metadata: string) => ({
  ToBotFromChannelOpenIdMetadataUrl: metadata,
  ToBotFromEmulatorOpenIdMetadataUrl: metadata,
  ToBotFromChannelTokenIssuer: issuer,
  ToChannelFromBotLoginUrl: loginUrl,
  ToChannelFromBotOAuthScope: issuer,
  OAuthUrl: issuer,
});

/** Loads the SDK: about a second and 60 MB that only an installation with Teams pays. */
export const openSdk = async ({ app, openIdMetadataUrl }: SdkOptions): Promise<Sdk> => {
  const sdk = await import('botbuilder');
  const settings = {
    ...(app && { MicrosoftAppId: app.id }),
    ...(app?.password && { MicrosoftAppPassword: app.password }),
    ...(app?.tenantId && { MicrosoftAppTenantId: app.tenantId, MicrosoftAppType: 'SingleTenant' }),
    ...(openIdMetadataUrl && localIssuer(openIdMetadataUrl)),
  };
  const base = new sdk.ConfigurationServiceClientCredentialFactory(
    openIdMetadataUrl ? { MicrosoftAppId: app?.id ?? '' } : settings,
  );
  const anonymous = new sdk.ConfigurationServiceClientCredentialFactory({});
  if (openIdMetadataUrl) base.createCredentials = (...all) => anonymous.createCredentials(...all);
  const authentication = new sdk.ConfigurationBotFrameworkAuthentication(settings, base);
  const adapter = new sdk.CloudAdapter(authentication);
  const appId = app?.id ?? '';

  const reference = (service: Service, conversation: string): Partial<ConversationReference> => ({
    channelId: service.channelId,
    serviceUrl: service.serviceUrl,
    bot: service.bot,
    conversation: {
      id: conversation,
      isGroup: conversation.startsWith('19:'),
      name: '',
      conversationType: conversation.startsWith('19:') ? 'channel' : 'personal',
      ...(service.tenantId && { tenantId: service.tenantId }),
    },
  });

  /** Does something in a conversation, outside any turn of its people. */
  const inConversation = async <T>(
    service: Service,
    conversation: string,
    act: (connector: Connector, options: Options) => Promise<T>,
  ): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<T>();
    const abortSignal = AbortSignal.timeout(limits.requestMs);
    await adapter.continueConversationAsync(
      appId,
      reference(service, conversation),
      async (context: TurnContext) => {
        const connector: Connector = context.turnState.get(adapter.ConnectorClientKey);
        // It would wait for as long as Teams asks, and with it whoever else has something to say.
        connector.client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
        resolve(await act(connector, { abortSignal }));
      },
    );
    return promise;
  };

  return {
    authenticate: async (activity, authorization) => {
      try {
        const { claimsIdentity } = await rejectAfter(
          limits.keysMs,
          quietly(() => authentication.authenticateRequest(activity as Activity, authorization)),
          noKeys,
        );
        if (!app) return;
        const claim = (name: string): unknown => claimsIdentity.getClaimValue(name);
        // The SDK also takes tokens of its emulator and of other bots, which are not bound to a service.
        if (claim('iss') !== issuer || claim('serviceurl') !== activity.serviceUrl)
          throw new TeamsError('unauthorized', 'the token is not for this service');
        // It has looked at the time only where there was one: without it, a stolen token would be good for ever.
        if (typeof claim('exp') !== 'number')
          throw new TeamsError('unauthorized', 'the token does not say until when it is good');
      } catch (error) {
        throw refusal(error);
      }
    },
    signIn: async () => {
      if (!app || openIdMetadataUrl) return;
      const credentials = await base.createCredentials(app.id, issuer, loginUrl, true);
      if (!('getToken' in credentials) || typeof credentials.getToken !== 'function')
        throw new Error('the SDK has no credentials that can sign in');
      await credentials.getToken();
    },
    send: async (service, conversation, activity) => {
      const sent = await inConversation(service, conversation, (connector, options) =>
        connector.conversations.sendToConversation(conversation, activity, options),
      );
      return sent.id ?? '';
    },
    update: async (service, conversation, activity) => {
      await inConversation(service, conversation, (connector, options) =>
        connector.conversations.updateActivity(conversation, activity.id, activity, options),
      );
    },
    create: async (service, parameters) => {
      const created = await inConversation(service, 'new', (connector, options) =>
        connector.conversations.createConversation({ bot: service.bot, ...parameters }, options),
      );
      return created.id ?? '';
    },
    member: (service, conversation, id) =>
      inConversation(service, conversation, (connector, options) =>
        connector.conversations.getConversationMember(conversation, id, options),
      ),
  };
};
