import { z } from 'zod';
import { cleanedTexts } from '../../../chat/cleaned.ts';
import { buttonActions, type FormAnswer, formNames } from '../../../chat/view.ts';
import { renderForm } from '../render/form.ts';

const optional = z.string().optional().catch(undefined);
const person = z.object({ id: z.string(), name: optional, username: optional });

/** What Slack sends, as far as we read it: one schema for each kind. */
export const bodies = {
  command: z.object({
    user_id: z.string(),
    user_name: z.string().catch(''),
    channel_id: z.string(),
    text: z.string().catch(''),
    trigger_id: z.string(),
    response_url: optional,
  }),
  shortcut: z.object({
    user: person,
    trigger_id: z.string(),
    response_url: optional,
    channel: z.object({ id: z.string() }).optional().catch(undefined),
    message: z.unknown().optional(),
  }),
  action: z.object({
    user: person,
    trigger_id: z.string().catch(''),
    response_url: optional,
    channel: z.object({ id: z.string() }).optional().catch(undefined),
    container: z.object({ channel_id: optional, message_ts: optional, thread_ts: optional }).catch({}),
    actions: z
      .array(z.object({ action_id: z.string(), value: z.string().catch(''), action_ts: optional }))
      .min(1),
  }),
  view: z.object({
    user: person,
    trigger_id: optional,
    view: z.object({
      id: z.string(),
      hash: optional,
      callback_id: z.enum(formNames),
      private_metadata: z.string().catch(''),
      state: z.object({ values: z.record(z.string(), z.record(z.string(), z.unknown())) }),
    }),
  }),
  home: z.object({ event_id: z.string(), event: z.object({ user: z.string(), tab: optional }) }),
  event: z.object({
    event_id: z.string(),
    event: z.object({
      channel: z.string(),
      channel_type: optional,
      user: optional,
      text: z.string().catch(''),
      ts: z.string(),
      thread_ts: optional,
      subtype: optional,
      bot_id: optional,
    }),
  }),
};
export type CommandBody = z.infer<typeof bodies.command>;
export type ActionBody = z.infer<typeof bodies.action>;
export type ViewBody = z.infer<typeof bodies.view>;
export type EventBody = z.infer<typeof bodies.event>;

export const actionOf = (name: string) => buttonActions.find((known) => known === name) ?? null;

export const nameOf = ({ name, username }: z.infer<typeof person>): string => name ?? username ?? '';

const typedValue = z.object({ value: z.string() });
const chosenValue = z.object({ selected_option: z.object({ value: z.string() }) });

/** Text fields have a value, lists a chosen option; both are null where nothing was given. */
const typedInto = (state: unknown): string | null =>
  typedValue.safeParse(state).data?.value ?? chosenValue.safeParse(state).data?.selected_option.value ?? null;

/** What stands in each field, by the field's name, untouched. */
export const valuesOf = ({ view }: ViewBody): Record<string, string | null> =>
  Object.fromEntries(
    Object.values(view.state.values)
      .flatMap((block) => Object.entries(block))
      .map(([name, state]) => [name, typedInto(state)]),
  );

/** Errors are shown under blocks, whose id may carry a version; what belongs to no field stands under the first. */
const errorsByBlock = ({ view }: ViewBody, errors: Record<string, string>): Record<string, string> => {
  const blocks = Object.entries(view.state.values);
  const blockOf = (field: string): string =>
    blocks.find(([, fields]) => field in fields)?.[0] ?? blocks[0]?.[0] ?? field;
  return Object.fromEntries(Object.entries(errors).map(([field, text]) => [blockOf(field), text]));
};

/** What Slack does with the modal now (docs.slack.dev, modals: response actions). */
export const ackOf = (body: ViewBody, answer: FormAnswer, inIt: boolean) => {
  switch (answer.type) {
    case 'close':
      return { response_action: 'clear' as const };
    case 'errors':
      return { response_action: 'errors' as const, errors: errorsByBlock(body, cleanedTexts(answer.errors)) };
    case 'form':
      return { response_action: 'update' as const, view: renderForm(answer.form, inIt) };
    default:
      return answer satisfies never;
  }
};

/** A line under the first field, for what no field is to blame for. */
export const complaint = (body: ViewBody, text: string) => ({
  response_action: 'errors' as const,
  errors: errorsByBlock(body, { '': text }),
});
