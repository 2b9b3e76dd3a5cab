import type { ChatAdapter, Incoming, MessageRef } from '../../src/chat/port.ts';
import type { Button, ButtonAction, Field, Form, FormName, Message, StepState } from '../../src/chat/view.ts';

/** Texts and forms for tests of the page: every kind of block and field, in the length they really have. */

export const hostile =
  '<!channel> <img src=x onerror="window.ran=1"><script>window.ran=1</script> &amp; [x](http://e.test)';

/** Signs that turn, hide or colour what stands behind them: direction, terminal control, line ends of other systems. */
export const sharp = '\u202e\u001b[31m\u0007\b\0\u009b2J\u0085\u2066\u200b\u{e0041}\ud800\r\u2028\u061c';

/** Anything but a line end that nobody sees and that acts. */
export const acting =
  /[^\P{Cc}\n]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}\p{Cs}]/u;

export const said = (summary: string, ...blocks: Message['blocks']): Message => ({
  summary,
  blocks,
  buttons: [],
});

export const withButtons = (message: Message, ...buttons: Button[]): Message => ({ ...message, buttons });

export const button = (action: ButtonAction, label: string, style: Button['style'] = 'plain'): Button => ({
  action,
  label,
  value: 'conversation/check',
  style,
});

const text = (name: string, label: string, more: Partial<Extract<Field, { type: 'text' }>> = {}): Field => ({
  type: 'text',
  name,
  label,
  hint: null,
  optional: false,
  version: 0,
  initial: '',
  maxLength: 255,
  placeholder: null,
  inputMode: 'text',
  ...more,
});

const choice = (name: string, label: string, initial: string, options: Record<string, string>): Field => ({
  type: 'choice',
  name,
  label,
  hint: null,
  optional: false,
  version: 0,
  initial,
  options: Object.entries(options).map(([value, words]) => ({ value, label: words })),
});

const encryptions = { tls: 'SSL/TLS', starttls: 'STARTTLS', none: 'Keine' };
const form = (name: FormName, title: string, fields: Field[]): Form => ({
  name,
  title,
  submit: 'Weiter',
  cancel: 'Abbrechen',
  context: 'conversation/',
  intro: [],
  fields,
});

export const addressForm = form('address', 'E-Mail-Konto verbinden', [
  text('address', 'Ihre E-Mail-Adresse', {
    placeholder: 'anna.beck@beispiel.de',
    inputMode: 'email',
    hint: 'Die Adresse, mit der Sie Ihren Kunden schreiben.',
  }),
  choice('personalInbox', 'Ist das Ihr persönliches Postfach?', 'yes', {
    yes: 'Ja',
    no: 'Nein, ein Team nutzt es',
  }),
]);

export const serversForm: Form = {
  ...form('servers', 'Server-Daten', [
    text('imapHost', 'IMAP-Server', { initial: 'imap.beispiel.de' }),
    text('imapPort', 'IMAP-Port', { initial: '993', inputMode: 'numeric' }),
    choice('imapEncryption', 'Verschlüsselung', 'tls', encryptions),
    text('smtpHost', 'SMTP-Server', { initial: 'smtp.beispiel.de' }),
    text('smtpPort', 'SMTP-Port', { initial: '587', inputMode: 'numeric' }),
    choice('smtpEncryption', 'Verschlüsselung', 'starttls', encryptions),
    text('username', 'Benutzername', {
      initial: 'anna.beck@beispiel.de',
      hint: 'Meist die volle E-Mail-Adresse.',
    }),
    choice('smtpLogin', 'Anmeldung beim Senden', 'same', {
      same: 'Gleicher Benutzername und Passwort',
      different: 'Andere Daten',
    }),
  ]),
  intro: [
    { type: 'note', text: 'Vorschlag aus der Anbieterliste: Beispiel-Mail. Bitte prüfen Sie die Angaben.' },
  ],
  submit: 'Prüfen',
};

const escalateForm: Form = {
  ...form('escalate', 'An die IT übergeben', [
    {
      type: 'multiline',
      name: 'comment',
      label: 'Kommentar',
      hint: 'Bitte kein Passwort eingeben.',
      optional: true,
      version: 0,
      initial: '',
      maxLength: 2000,
    },
  ]),
  intro: [
    { type: 'text', text: 'Das sieht Ihre IT:' },
    { type: 'quote', by: 'Bericht', text: 'smtp.beispiel.de bietet nur TLS 1.0 an.' },
  ],
};

export const checklist = (...states: StepState[]): Message =>
  said(
    'Wir prüfen Ihre Server.',
    { type: 'heading', text: 'Wir prüfen Ihre Server', tone: 'neutral' },
    {
      type: 'checklist',
      items: [
        'IMAP-Server erreichen',
        'IMAP-Anmeldung',
        'SMTP-Server erreichen',
        'SMTP-Anmeldung',
        'Testmail',
      ].map((label, index) => ({
        state: states[index] ?? 'skipped',
        stateLabel: `Stand ${states[index] ?? 'skipped'}`,
        label,
        detail: index === 2 ? 'smtp.beispiel.de, Port 587' : null,
      })),
    },
  );

export const everyBlock = said(
  'Every block',
  { type: 'heading', text: 'Heading', tone: 'bad' },
  { type: 'text', text: 'Text' },
  { type: 'finding', tone: 'warning', title: 'Title', paragraphs: [{ label: 'Label', text: 'Paragraph' }] },
  { type: 'checklist', items: [{ state: 'good', stateLabel: 'Done', label: 'Step', detail: 'Detail' }] },
  { type: 'values', title: 'Values', rows: [{ label: 'Row', value: 'Value' }] },
  { type: 'code', label: 'Code label', text: 'Verbatim' },
  { type: 'quote', by: 'Quoter', text: 'Quoted' },
  { type: 'note', text: 'Note' },
);

export type Script = Partial<{
  [Type in Incoming['type']]: (incoming: Extract<Incoming, { type: Type }>, adapter: ChatAdapter) => unknown;
}>;

/** Lets a test say what the bot does; what the script does not name is taken and left. */
export const play = async (script: Script, incoming: Incoming, adapter: ChatAdapter): Promise<unknown> => {
  switch (incoming.type) {
    case 'command':
      return script.command?.(incoming, adapter);
    case 'button':
      return script.button?.(incoming, adapter);
    case 'form':
      return script.form ? script.form(incoming, adapter) : incoming.respond({ type: 'close' });
    case 'message':
      return script.message?.(incoming, adapter);
    case 'home':
      return script.home?.(incoming, adapter);
  }
};

export const rep = { platform: 'preview', id: 'rep', name: 'Anna Beck' };
export const toRep = (adapter: ChatAdapter, message: Message): Promise<MessageRef> =>
  adapter.post({ type: 'person', person: rep }, message);

export const report: Message = withButtons(
  said('Bericht', { type: 'text', text: 'Bericht' }),
  button('edit', 'Angaben ändern'),
  button('escalate', 'An die IT übergeben'),
);

export const portError = 'Bitte geben Sie eine Zahl von 1 bis 65535 ein.';

/** A bot that knows the forms and refuses ports that are no numbers. */
export const forms: Script = {
  command: (incoming) => (incoming.text === '' ? incoming.openForm(addressForm) : undefined),
  button: (incoming) => {
    if (incoming.action === 'edit') return incoming.openForm(serversForm);
    return incoming.action === 'escalate' ? incoming.openForm(escalateForm) : undefined;
  },
  form: (incoming) => {
    if (incoming.form === 'address') return incoming.respond({ type: 'form', form: serversForm });
    const wrong = incoming.form === 'servers' && !/^\d+$/.test(incoming.values.imapPort ?? '');
    return incoming.respond(wrong ? { type: 'errors', errors: { imapPort: portError } } : { type: 'close' });
  },
};
