/** Cards in clients that show few buttons, and to people who do not see their colours. */
import { expect, test } from 'vitest';
import { renderForm } from '../../src/adapters/teams/render/form.ts';
import { renderMessage } from '../../src/adapters/teams/render/render.ts';
import { buttonActions, type Message } from '../../src/chat/view.ts';
import { addressForm, button, said, withButtons } from './script.ts';
import { actionsOf, faultsOf, textsOf } from './teams-simulator/cards.ts';

type Drawn = { mode?: string; title: string; style: string };
const cardOf = (message: Message): unknown => {
  const [attachment] = renderMessage(message).attachments as { content: unknown }[];
  return attachment?.content;
};
const drawn = (card: unknown): Drawn[] => (card as { actions: Drawn[] }).actions;
const text = { type: 'text', text: 'text' } as const;

test.each([1, 5, 6, 8])('of %s buttons five stand there, and the others behind them', (count) => {
  const buttons = buttonActions.slice(0, count).map((action) => button(action, action));
  const card = cardOf(withButtons(said('summary', text), ...buttons));
  expect(actionsOf(card).map(({ data }) => data.action)).toEqual(buttonActions.slice(0, count));
  expect(drawn(card).filter(({ mode }) => mode !== 'secondary')).toHaveLength(Math.min(count, 5));
  expect(drawn(card).findIndex(({ mode }) => mode === 'secondary')).toBe(count > 5 ? 5 : -1);
  expect(faultsOf(card)).toEqual([]);
});

test('a button that cannot be taken back says so by a sign, not by its colour alone', () => {
  const [plain, danger] = drawn(
    cardOf(withButtons(said('s', text), button('claim', 'Take'), button('withdraw', 'Withdraw', 'danger'))),
  );
  expect(plain?.title).toBe('Take');
  expect(danger).toMatchObject({ style: 'destructive', title: '⚠ Withdraw' });
});

test('a mistake in a form, and one that belongs to no field, stand beside a sign', () => {
  const errors = { address: 'No @ in it', '': 'Try again' };
  const texts = textsOf(renderForm(addressForm, { values: {}, errors }, true));
  for (const error of Object.values(errors)) expect(texts[texts.indexOf(error) - 1]).toBe('✖');
});
