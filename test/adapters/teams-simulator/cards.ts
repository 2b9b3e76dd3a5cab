/** Reads cards as a client does: texts, inputs and buttons, wherever they stand. */
import { z } from 'zod';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

const nodes = (value: unknown): Node[] => {
  if (Array.isArray(value)) return value.flatMap(nodes);
  if (!isNode(value)) return [];
  return [value, ...Object.entries(value).flatMap(([key, child]) => (key === 'data' ? [] : nodes(child)))];
};

const typed = (card: unknown, type: string | readonly string[]): Node[] =>
  nodes(card).filter((node) => [type].flat().includes(String(node.type)));

/** Every text, a line for each block. */
export const textsOf = (card: unknown): string[] =>
  typed(card, ['TextBlock', 'RichTextBlock', 'Input.Text', 'Input.ChoiceSet']).map((node) => {
    if (node.type === 'TextBlock') return String(node.text);
    if (node.type !== 'RichTextBlock') return String(node.label ?? '');
    return typed(node.inlines, 'TextRun')
      .map((run) => String(run.text))
      .join('');
  });

export type CardInput = { id: string; value: string; error: string | null };
export const inputsOf = (card: unknown): CardInput[] =>
  typed(card, ['Input.Text', 'Input.ChoiceSet']).map((node) => ({
    id: String(node.id),
    value: typeof node.value === 'string' ? node.value : '',
    error: typeof node.errorMessage === 'string' ? node.errorMessage : null,
  }));

const action = z.object({
  type: z.enum(['Action.Submit', 'Action.Execute']),
  title: z.string(),
  mode: z.enum(['primary', 'secondary']).optional(),
  verb: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type CardAction = z.infer<typeof action>;
export const actionsOf = (card: unknown): CardAction[] =>
  typed(card, ['Action.Submit', 'Action.Execute']).map((node) => action.parse(node));

/** The button with this name, or the one that submits a form. */
export const actionNamed = (card: unknown, name: string): CardAction => {
  const found = actionsOf(card).find(({ data }) => data.action === name || data.form === name);
  if (!found) throw new Error(`no button ${name} among ${actionsOf(card).map(({ title }) => title)}`);
  return found;
};

const entitySchema = z.object({
  type: z.literal('mention'),
  text: z.string().regex(/^<at>[^<>]+<\/at>$/u),
  mentioned: z.object({ id: z.string().min(1), name: z.string().min(1), type: z.literal('tag').optional() }),
});
export type CardMention = z.infer<typeof entitySchema>;

/** Whom a card calls. */
export const mentionsOf = (card: unknown): CardMention[] => {
  const entities = isNode(card) && isNode(card.msteams) ? card.msteams.entities : [];
  return Array.isArray(entities) ? entities.map((one) => entitySchema.parse(one)) : [];
};

/** Teams ignores a mention whose words are not in a TextBlock, and shows words without a mention as they are. */
const mentionFaults = (card: unknown): string[] => {
  const called = mentionsOf(card).map(({ text }) => text);
  const marks = typed(card, 'TextBlock').flatMap(({ text }) => String(text).match(/<at>.*?<\/at>/gu) ?? []);
  return JSON.stringify(called) === JSON.stringify(marks) ? [] : [`mentions ${called} and marks ${marks}`];
};

/** What is wrong with a card in the eyes of Teams. */
export const faultsOf = (card: unknown): string[] => {
  if (!isNode(card) || card.type !== 'AdaptiveCard') return ['no Adaptive Card'];
  const faults = card.version === '1.5' ? [] : [`version ${String(card.version)}`];
  if (typeof card.fallbackText !== 'string' || card.fallbackText === '') faults.push('no fallbackText');
  const ids = inputsOf(card).map(({ id }) => id);
  if (new Set(ids).size < ids.length) faults.push('two inputs with one id');
  faults.push(...mentionFaults(card));
  const buttons = actionsOf(card);
  const primary = buttons.filter(({ mode }) => mode !== 'secondary');
  if (primary.length > 5) faults.push(`${primary.length} buttons side by side`);
  for (const { type, data, verb } of buttons) {
    const opensDialog = isNode(data.msteams) && data.msteams.type === 'task/fetch';
    if (type === 'Action.Execute' && verb !== data.action)
      faults.push(`verb ${verb} of ${String(data.action)}`);
    if (opensDialog && type !== 'Action.Submit') faults.push('only Action.Submit opens a dialog');
  }
  return faults;
};
