import { App, type Receiver, type ViewSubmitAction } from '@slack/bolt';
import type { HearOfChannel } from '../../../chat/port.ts';
import { silent } from '../api/sdk.ts';
import { channelEvents, takeChannelEvent } from './channel.ts';
import { takeAction, takeCommand } from './clicks.ts';
import type { Context } from './context.ts';
import { takeHome } from './entry-points/home.ts';
import { shortcutNames, takeShortcut } from './entry-points/shortcuts.ts';
import { takeMention, takeMessage } from './messages.ts';
import { takeSubmission } from './submissions.ts';

export const commandName = '/connect-email';

/** Bolt wraps what has no code of its own. */
const causeOf = (error: Error): unknown => ('original' in error ? error.original : error);

/** Bolt tells the kinds of events apart and leaves out our own messages; everything else is ours. `track` hears of all that runs. */
export const createDispatch = (options: {
  receiver: Receiver;
  token: string;
  context: Context;
  hearOfChannel: HearOfChannel;
  track: (work: Promise<void>) => Promise<void>;
}): void => {
  const { receiver, token, context, hearOfChannel, track } = options;
  const { identity } = context;
  const app = new App({
    receiver,
    logger: silent,
    convoStore: false,
    attachFunctionToken: false,
    authorize: async () => {
      const known = identity.current();
      return {
        botToken: token,
        ...(known ? { botUserId: known.userId } : {}),
        ...(known?.botId === undefined ? {} : { botId: known.botId }),
      };
    },
  });
  app.command(commandName, ({ body, ack }) => track(takeCommand(context, body, ack)));
  for (const name of shortcutNames)
    app.shortcut(name, ({ body, ack }) => track(takeShortcut(context, body, ack)));
  app.action(/.*/u, ({ body, ack }) => track(takeAction(context, body, ack)));
  app.view<ViewSubmitAction>({ callback_id: /.*/u, type: 'view_submission' }, ({ body, ack, ...more }) =>
    track(takeSubmission(context, { body, sentAt: String(more.context.sentAt ?? '') }, ack)),
  );
  app.event('message', ({ body, ...more }) =>
    track(takeMessage(context, { body, retry: more.context.retryNum ?? 0 })),
  );
  app.event('app_mention', ({ body, ...more }) =>
    track(takeMention(context, { body, retry: more.context.retryNum ?? 0 })),
  );
  app.event('app_home_opened', ({ body }) => track(takeHome(context, body)));
  for (const name of channelEvents)
    app.event(name, ({ body }) => track(takeChannelEvent(context, body, hearOfChannel)));
  // Whoever received it answers by this that it was not taken; Bolt alone would let it pass for done.
  app.error(async (error) => {
    throw causeOf(error);
  });
};
