import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type ChatAdapter,
  DeliveryError,
  type Incoming,
  type MessageRef,
  type Person,
} from '../../src/chat/port.ts';
import type { ButtonAction, Form, FormName, Message } from '../../src/chat/view.ts';
import {
  acting,
  addressForm,
  button,
  everyBlock,
  hostile,
  said,
  serversForm,
  sharp,
  withButtons,
} from './script.ts';

/** A message as a person sees it: its words, and its buttons with what they carry. */
export type Seen = { text: string; buttons: { action: string; value: string }[] };

/** What a click or a form came back with, as the person sees it. */
export type SeenAnswer =
  | { type: 'nothing' }
  | { type: 'form'; form: string; fields: string[] }
  | { type: 'errors'; errors: Record<string, string> }
  | { type: 'close' };

/** One platform with a person in front of it. Every adapter's test brings one: a simulator, or the real page's doors. */
export type Rig = {
  adapter: ChatAdapter;
  /** A member who can be written to. */
  rep: Person;
  /** Nobody the platform knows. */
  stranger: Person;
  /** What the bot does with what comes in. */
  handle(handler: (incoming: Incoming) => Promise<void>): void;
  seenByRep(): Promise<Seen[]>;
  /** Root messages of the IT channel. */
  seenByIt(): Promise<Seen[]>;
  seenInThread(root: MessageRef): Promise<Seen[]>;
  command(text: string): Promise<SeenAnswer>;
  say(text: string): Promise<void>;
  /** Presses a button that stands under this message. */
  press(ref: MessageRef, action: ButtonAction): Promise<SeenAnswer>;
  submit(form: FormName, context: string, values: Record<string, string | null>): Promise<SeenAnswer>;
  /** Somebody who works in the IT channel. */
  itMember: Person;
  /** Her page of the bot, as it is shown when she opens it; null: the platform has none. */
  page: (() => Promise<Seen>) | null;
  /** Checks an account from a message of somebody else's; null: the platform has no such way. */
  checkThis: ((message: string) => Promise<SeenAnswer>) | null;
  /** The program ends and starts again with the same memory. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

const failure = async (delivery: Promise<unknown>): Promise<string> => {
  const error = await delivery.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DeliveryError)) throw new Error(`expected a DeliveryError, got ${String(error)}`);
  return error.code;
};

const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  return items[0] as T;
};

/** What every chat platform must do, so that the bot never needs to know which one it talks through. */
export const describeAdapter = (platform: string, openRig: () => Promise<Rig>): void => {
  describe(`${platform} as a chat adapter`, () => {
    let rig: Rig;
    let received: Incoming[];
    beforeEach(async () => {
      rig = await openRig();
      received = [];
      rig.handle(async (incoming) => {
        received.push(incoming);
      });
    });
    afterEach(() => rig.close());

    const toRep = (message: Message) => rig.adapter.post({ type: 'person', person: rig.rep }, message);
    const toIt = (message: Message) => rig.adapter.post({ type: 'it-channel' }, message);
    /** A bot that opens or answers with forms. */
    const answering = (act: (incoming: Incoming) => unknown): void =>
      rig.handle(async (incoming) => {
        received.push(incoming);
        await act(incoming);
      });
    const opening = (form: Form): void =>
      answering((incoming) => ('openForm' in incoming ? incoming.openForm(form) : undefined));

    test('names itself in every reference it gives', async () => {
      expect((await toRep(said('one', { type: 'text', text: 'one' }))).platform).toBe(rig.adapter.platform);
    });

    test('shows every word of every kind of block', async () => {
      await toRep(everyBlock);
      const { text } = only(await rig.seenByRep());
      for (const word of ['Heading', 'Text', 'Title', 'Label', 'Paragraph', 'Step', 'Detail', 'Row', 'Value'])
        expect(text).toContain(word);
      for (const word of ['Code label', 'Verbatim', 'Quoter', 'Quoted', 'Note']) expect(text).toContain(word);
    });

    test('shows hostile text as text', async () => {
      await toRep(
        said('hostile', { type: 'text', text: hostile }, { type: 'quote', by: hostile, text: hostile }),
      );
      expect(only(await rig.seenByRep()).text.split(hostile)).toHaveLength(4);
    });

    test('shows no sign that acts on a reader without being seen', async () => {
      const edged = (text: string): string => `${sharp}${text}${sharp}`;
      await toRep(
        said(
          edged('summary'),
          { type: 'heading', text: edged('Heading'), tone: 'bad' },
          { type: 'text', text: edged('Text') },
          {
            type: 'finding',
            tone: 'warning',
            title: edged('Title'),
            paragraphs: [{ label: edged('Label'), text: edged('Paragraph') }],
          },
          {
            type: 'checklist',
            items: [
              { state: 'good', stateLabel: edged('State'), label: edged('Step'), detail: edged('Detail') },
            ],
          },
          { type: 'values', title: edged('Values'), rows: [{ label: edged('Row'), value: edged('Value') }] },
          { type: 'code', label: edged('Code label'), text: edged('Verbatim') },
          { type: 'quote', by: edged('Quoter'), text: edged('Quoted') },
          { type: 'note', text: edged('Note') },
        ),
      );
      const { text } = only(await rig.seenByRep());
      for (const word of ['Heading', 'Title', 'Paragraph', 'Detail', 'Value', 'Verbatim', 'Quoter', 'Quoted'])
        expect(text).toContain(word);
      expect(text).not.toMatch(acting);
    });

    test('shows no such sign in what is said of a field', async () => {
      const errors = { imapPort: `${sharp}Bitte eine Zahl.` };
      answering((incoming) =>
        incoming.type === 'form' ? incoming.respond({ type: 'errors', errors }) : undefined,
      );
      const values = Object.fromEntries(serversForm.fields.map(({ name }) => [name, 'x']));
      const answer = await rig.submit('servers', 'conversation/', values);
      expect(answer.type === 'errors' && answer.errors.imapPort).toMatch(/Bitte eine Zahl\.$/u);
      expect(answer.type === 'errors' && answer.errors.imapPort).not.toMatch(acting);
    });

    test('takes a text far longer than the platform allows', async () => {
      await toRep(said('long', { type: 'text', text: `Begin ${'word '.repeat(20_000)}` }));
      expect(only(await rig.seenByRep()).text).toContain('Begin word');
    });

    test('updates a message in its place', async () => {
      await toRep(said('first', { type: 'text', text: 'first' }));
      const ref = await toRep(
        withButtons(said('old', { type: 'text', text: 'old' }), button('edit', 'Edit')),
      );
      await toRep(said('last', { type: 'text', text: 'last' }));
      await rig.adapter.update(ref, said('new', { type: 'text', text: 'new' }));
      const seen = await rig.seenByRep();
      expect(seen.map(({ text }) => text)).toEqual(
        ['first', 'new', 'last'].map((word) => expect.stringContaining(word)),
      );
      expect(seen[1]?.buttons).toEqual([]);
    });

    test('says so when a message to be updated is unknown', async () => {
      const ref = { platform: rig.adapter.platform, id: 'no-such-message' };
      expect(await failure(rig.adapter.update(ref, said('x')))).toBe('rejected');
    });

    test('says so when a person is unknown', async () => {
      const place = { type: 'person' as const, person: rig.stranger };
      expect(await failure(rig.adapter.post(place, said('x', { type: 'text', text: 'x' })))).toBe(
        'person-gone',
      );
      expect(await rig.seenByRep()).toEqual([]);
    });

    test('keeps a thread below its message and out of the channel', async () => {
      expect(rig.adapter.capabilities.itChannel).toBe(true);
      const root = await toIt(said('case', { type: 'text', text: 'case' }));
      const other = await toIt(said('other', { type: 'text', text: 'other' }));
      await rig.adapter.post({ type: 'thread', root }, said('evidence', { type: 'text', text: 'evidence' }));
      expect(await rig.seenByIt()).toHaveLength(2);
      expect(only(await rig.seenInThread(root)).text).toContain('evidence');
      expect(await rig.seenInThread(other)).toEqual([]);
      expect(await rig.seenByRep()).toEqual([]);
    });

    test('hands on a command with its text and the person', async () => {
      expect(await rig.command('anna@firma.example')).toEqual({ type: 'nothing' });
      expect(only(received)).toMatchObject({
        type: 'command',
        text: 'anna@firma.example',
        person: { platform: rig.adapter.platform, id: rig.rep.id },
      });
    });

    test('hands on what is said, unchanged', async () => {
      await rig.say(hostile);
      expect(only(received)).toMatchObject({ type: 'message', text: hostile, thread: null });
    });

    test('opens a form in answer to a command', async () => {
      opening(addressForm);
      const fields = addressForm.fields.map(({ name }) => name);
      expect(await rig.command('')).toEqual({ type: 'form', form: 'address', fields });
    });

    test('tells who works in the IT channel, and nobody else', async () => {
      expect(await rig.adapter.isOfIt?.(rig.itMember)).toBe(true);
      expect(await rig.adapter.isOfIt?.(rig.stranger)).toBe(false);
      expect(await rig.adapter.isOfIt?.({ ...rig.itMember, platform: 'another' })).toBe(false);
    });

    test('shows her a page of her own with what it is given, where the platform has one', async () => {
      if (!rig.page) return expect(rig.adapter.platform).not.toBe('slack');
      answering((incoming) =>
        incoming.type === 'home'
          ? incoming.show(withButtons(everyBlock, button('start', 'Start')))
          : undefined,
      );
      const { text, buttons } = await rig.page();
      for (const word of ['Heading', 'Paragraph', 'Value', 'Note']) expect(text).toContain(word);
      expect(buttons).toEqual([{ action: 'start', value: 'conversation/check' }]);
      expect(only(received)).toMatchObject({ type: 'home', person: { id: rig.rep.id } });
    });

    test('takes the address out of a message at which she checks it, where the platform has such a way', async () => {
      if (!rig.checkThis) return expect(rig.adapter.platform).toBe('preview');
      opening(addressForm);
      expect(await rig.checkThis('Bitte an Bea.Lang@Firma.example, danke!')).toMatchObject({
        form: 'address',
      });
      expect(only(received)).toMatchObject({ type: 'command', text: 'Bea.Lang@Firma.example' });
      expect(received[0]?.person.id).toBe(rig.rep.id);
    });

    test('opens a form in answer to a button, once', async () => {
      const ref = await toRep(withButtons(said('x', { type: 'text', text: 'x' }), button('edit', 'Edit')));
      answering(async (incoming) => {
        if (incoming.type !== 'button') throw new Error(`expected a button, got ${incoming.type}`);
        await incoming.openForm(serversForm);
        await expect(incoming.openForm(addressForm)).rejects.toThrow();
      });
      expect(await rig.press(ref, 'edit')).toMatchObject({ type: 'form', form: 'servers' });
    });

    test('hands on a button with its ids, and from where it was pressed', async () => {
      const asked = withButtons(said('x', { type: 'text', text: 'x' }), button('check-again', 'Again'));
      await rig.press(await toRep(asked), 'check-again');
      await rig.press(await toIt(asked), 'check-again');
      expect(received).toMatchObject([
        { type: 'button', action: 'check-again', value: 'conversation/check', inItChannel: false },
        { type: 'button', action: 'check-again', value: 'conversation/check', inItChannel: true },
      ]);
      expect(received[0]?.person.id).toBe(rig.rep.id);
    });

    test('hands on every value of a form as it was typed, and null for what was not touched', async () => {
      const values = {
        imapHost: hostile,
        imapPort: ' 993 ',
        imapEncryption: null,
        comment: 'ä'.repeat(2000),
      };
      answering((incoming) => (incoming.type === 'form' ? incoming.respond({ type: 'close' }) : undefined));
      expect(await rig.submit('servers', 'conversation/7', values)).toEqual({ type: 'close' });
      expect(only(received)).toMatchObject({
        form: 'servers',
        context: 'conversation/7',
        values,
        inItChannel: false,
      });
    });

    test('shows errors under their fields', async () => {
      const errors = { imapPort: 'Bitte eine Zahl.' };
      answering((incoming) =>
        incoming.type === 'form' ? incoming.respond({ type: 'errors', errors }) : undefined,
      );
      const values = Object.fromEntries(serversForm.fields.map(({ name }) => [name, 'x']));
      expect(await rig.submit('servers', 'conversation/', values)).toEqual({ type: 'errors', errors });
    });

    test('shows the next form in answer to a form, and takes one answer only', async () => {
      answering((incoming) => {
        if (incoming.type !== 'form') throw new Error(`expected a form, got ${incoming.type}`);
        incoming.respond({ type: 'form', form: serversForm });
        expect(() => incoming.respond({ type: 'close' })).toThrow(/once/);
      });
      const answer = await rig.submit('address', 'conversation/', { address: 'anna@firma.example' });
      expect(answer).toMatchObject({ type: 'form', form: 'servers' });
    });

    test('finds its messages again after a restart', async () => {
      const ref = await toRep(said('before', { type: 'text', text: 'before' }));
      const root = await toIt(said('case', { type: 'text', text: 'case' }));
      await rig.restart();
      await rig.adapter.update(ref, said('after', { type: 'text', text: 'after' }));
      await rig.adapter.post({ type: 'thread', root }, said('reply', { type: 'text', text: 'reply' }));
      expect(only(await rig.seenByRep()).text).toContain('after');
      expect(only(await rig.seenInThread(root)).text).toContain('reply');
    });
  });
};
