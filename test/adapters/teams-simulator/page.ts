/** Cards as people see them: drawn by Microsoft's own renderer in Chromium, with the colours of the Teams client. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { teamsLooks } from '../../../scripts/previews/teams-look.ts';

const renderer = fileURLToPath(
  new URL('../../../node_modules/adaptivecards/dist/adaptivecards.min.js', import.meta.url),
);

const style = `
  body { margin: 0; padding: 8px; background: #f5f5f5; font: 14px 'Segoe UI', 'Liberation Sans', Arial, sans-serif; color: #242424; }
  .card { max-width: 720px; background: #fff; border: 1px solid #d1d1d1; border-radius: 8px; overflow: hidden; margin-bottom: 8px; }
  input, textarea, select { box-sizing: border-box; width: 100%; font: inherit; padding: 6px 8px; border: 1px solid #616161; border-radius: 4px; }
  textarea { min-height: 96px; }
  .ac-pushButton { font: inherit; padding: 6px 12px; border: 1px solid #d1d1d1; border-radius: 4px; background: #fff; color: #242424; margin-bottom: 4px; }
  .ac-pushButton.style-positive { background: #5b5fc7; color: #fff; }
  .ac-pushButton.style-destructive { color: #b10e1c; }
  .ac-actionSet { flex-wrap: wrap; }
`;

/** Reads as much Markdown as a hostile text could use: bold, links, code, raw HTML. */
const script = `
  window.clicked = [];
  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = text
      .replace(/\\*\\*(.+?)\\*\\*/g, '<b class="md">$1</b>')
      .replace(/\`(.+?)\`/g, '<code class="md">$1</code>')
      .replace(/\\[(.+?)\\]\\((.+?)\\)/g, '<a class="md" href="$2">$1</a>')
      .replace(/^[-*] (.*)/gm, '<li class="md">$1</li>');
    result.didProcess = true;
  };
  window.draw = (card, config) => {
    const drawn = new AdaptiveCards.AdaptiveCard();
    drawn.hostConfig = new AdaptiveCards.HostConfig(config);
    drawn.onExecuteAction = (action) => window.clicked.push({ title: action.title, data: action.data });
    drawn.parse(card);
    const frame = document.createElement('div');
    frame.className = 'card';
    frame.append(drawn.render());
    document.body.append(frame);
  };
`;

/** Prepares an empty page. */
export const openCards = async (page: Page): Promise<void> => {
  await page.addStyleTag({ content: style });
  await page.addScriptTag({ path: renderer });
  await page.addScriptTag({ content: script });
};

export const drawCard = (page: Page, card: unknown): Promise<void> =>
  page.evaluate(`window.draw(${JSON.stringify(card)}, ${JSON.stringify(teamsLooks.light)})`);

/** What the last click would send. */
export const lastClick = (page: Page): Promise<{ title: string; data: Record<string, unknown> }> =>
  page.evaluate('window.clicked.at(-1)');

/** The lowest contrast of any text on the page with what lies behind it; WCAG 2.2 asks for 4.5. */
export const lowestContrast = (page: Page): Promise<{ ratio: number; text: string }> =>
  page.evaluate(`(() => {
    const channel = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => 0.2126 * channel(r / 255) + 0.7152 * channel(g / 255) + 0.0722 * channel(b / 255);
    const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const behind = (node) => {
      for (let one = node; one; one = one.parentElement) {
        const [r, g, b, a = 1] = rgb(getComputedStyle(one).backgroundColor);
        if (a === 1) return [r, g, b];
      }
      return [255, 255, 255];
    };
    let lowest = { ratio: 99, text: '' };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!node.textContent.trim() || !parent.getClientRects().length || ['SCRIPT', 'STYLE'].includes(parent.tagName)) continue;
      const one = luminance(rgb(getComputedStyle(parent).color)) + 0.05;
      const other = luminance(behind(parent)) + 0.05;
      const ratio = Math.max(one, other) / Math.min(one, other);
      if (ratio < lowest.ratio) lowest = { ratio, text: node.textContent };
    }
    return lowest;
  })()`);
