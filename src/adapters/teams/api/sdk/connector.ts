import type { Activity, CloudAdapter, ConversationReference, TurnContext } from 'botbuilder';
import { limits } from '../../limits.ts';
import type { ConnectorService } from '../service.ts';

type Sent = Record<string, unknown>;

/** What we ask of Teams. Rejects with the SDK's own errors, which carry `statusCode`; see errors.ts. */
export type Connector = {
  /** Resolves to the activity's id. */
  send(service: ConnectorService, conversation: string, activity: Sent): Promise<string>;
  update(service: ConnectorService, conversation: string, activity: Sent & { id: string }): Promise<void>;
  /** A new conversation: a thread in a channel or a chat with a person. Resolves to the conversation's id. */
  create(service: ConnectorService, parameters: Record<string, unknown>): Promise<string>;
  /** What Teams knows of a member. */
  member(service: ConnectorService, conversation: string, id: string): Promise<unknown>;
};

/** The part of the SDK's connector client that we use; it has no public type of its own in the package. */
type Options = { abortSignal: AbortSignal };
type Client = {
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

const referenceOf = (service: ConnectorService, conversation: string): Partial<ConversationReference> => ({
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

export const createConnector = (adapter: CloudAdapter, appId: string): Connector => {
  /** Does something in a conversation, outside any turn of its people. */
  const inConversation = async <T>(
    service: ConnectorService,
    conversation: string,
    act: (client: Client, options: Options) => Promise<T>,
  ): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<T>();
    const abortSignal = AbortSignal.timeout(limits.requestMs);
    await adapter.continueConversationAsync(
      appId,
      referenceOf(service, conversation),
      async (context: TurnContext) => {
        const client: Client = context.turnState.get(adapter.ConnectorClientKey);
        // It would wait for as long as Teams asks, and with it whoever else has something to say.
        client.client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
        resolve(await act(client, { abortSignal }));
      },
    );
    return promise;
  };

  return {
    send: async (service, conversation, activity) => {
      const sent = await inConversation(service, conversation, (client, options) =>
        client.conversations.sendToConversation(conversation, activity, options),
      );
      return sent.id ?? '';
    },
    update: async (service, conversation, activity) => {
      await inConversation(service, conversation, (client, options) =>
        client.conversations.updateActivity(conversation, activity.id, activity, options),
      );
    },
    create: async (service, parameters) => {
      const created = await inConversation(service, 'new', (client, options) =>
        client.conversations.createConversation({ bot: service.bot, ...parameters }, options),
      );
      return created.id ?? '';
    },
    member: (service, conversation, id) =>
      inConversation(service, conversation, (client, options) =>
        client.conversations.getConversationMember(conversation, id, options),
      ),
  };
};
