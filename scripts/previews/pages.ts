/** The pages on which everything can be read as people see it, in the look of each platform, light and dark. */

import { renderForm as slackForm } from '../../src/adapters/slack/render/form.ts';
import { renderMessage as slackPayload } from '../../src/adapters/slack/render/render.ts';
import { renderForm as teamsForm, unfilled } from '../../src/adapters/teams/render/form.ts';
import { renderMessage as teamsMessage } from '../../src/adapters/teams/render/render.ts';
import type { Form, Message } from '../../src/chat/view.ts';
import type { Locale, PerLocale } from '../../src/language.ts';
import { catalogues } from '../../src/wording/catalogue/catalogue.ts';
import { html } from './html.ts';
import type { Preview } from './payloads.ts';
import { slackMessage, slackModal } from './slack-look.ts';
import type { Place, Said, Story } from './stories.ts';
import { teamsLooks } from './teams-look.ts';

export const platforms = ['slack', 'teams'] as const;
/** As people call them. */
export const platformNames = { slack: 'Slack', teams: 'Teams' } as const;
export type PreviewedPlatform = (typeof platforms)[number];

/** How a platform draws a message and a form. */
type Look = { message(message: Message, locale: Locale): string; form(form: Form): string };

/** Drawn by Microsoft's own renderer, in the page. */
const card = (content: unknown, title = ''): string =>
  `<div class="card" data-title="${html(title)}" data-card="${html(JSON.stringify(content))}"></div>`;

const looks: Record<PreviewedPlatform, Look> = {
  slack: {
    message: (message, locale) => slackMessage(slackPayload(message, catalogues[locale].chat.cut)),
    form: (form) => slackModal(slackForm(form, form.name === 'ask-rep')),
  },
  teams: {
    message: (message) =>
      teamsMessage(message)
        .attachments.map((attached) =>
          typeof attached === 'object' && attached !== null && 'content' in attached
            ? card(attached.content)
            : '',
        )
        .join(''),
    form: (form) => card(teamsForm(form, unfilled, false), form.title),
  },
};

const style = `
:root{--page:#f4f4f4;--paper:#fff;--ink:#1d1c1d;--muted:#616061;--line:#ddd;--code:#c01343;--primary:#007a5a}
:root[data-look=dark]{--page:#101214;--paper:#1a1d21;--ink:#f8f8f8;--muted:#b9babd;--line:#4a4d52;--code:#ff8fa8;--primary:#007a5a}
body{font:15px/1.46 Lato,'Segoe UI','Liberation Sans',system-ui,sans-serif;margin:1.5rem;background:var(--page);color:var(--ink)}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(24rem,1fr));gap:1rem;align-items:start}
.story{grid-template-columns:1fr 1fr}article,.pane{min-width:0}
.slack,.card,.words{background:var(--paper);border:1px solid var(--line);border-radius:8px;padding:1rem;margin:.5rem 0;overflow-wrap:anywhere}
.card{padding:0;overflow:hidden}.reply{margin-left:2rem}.modal{box-shadow:0 2px 12px #0004}
.words{margin-left:20%;background:color-mix(in srgb,var(--paper),#5b5fc7 18%)}
.card>h2{font-size:1rem;margin:.75rem 1rem 0}
p{white-space:pre-wrap;margin:.5rem 0}pre{white-space:pre-wrap;border:1px solid var(--line);padding:.5rem}
blockquote{border-left:4px solid var(--line);margin:.5rem 0;padding-left:.75rem;white-space:pre-wrap}
code{color:var(--code)}.at{color:var(--primary)}small,.name{color:var(--muted)}a{color:inherit}
button{font:inherit;padding:.35rem .7rem;border:1px solid var(--line);border-radius:4px;background:var(--paper);color:var(--ink);margin:0 .25rem .25rem 0}
.primary,.style-positive{background:var(--primary)!important;color:#fff!important}.danger{background:#e01e5a;color:#fff}.style-destructive{color:#e01e5a!important}
input:not([type=radio]),textarea,select{width:95%;font:inherit;background:var(--paper);color:var(--ink);border:1px solid var(--line)}
.ac-actionSet{flex-wrap:wrap}`;

/** The look follows the reader's own, and can be changed by hand. */
const script = `
const looks = ${JSON.stringify(teamsLooks)};
const drawAll = (look) => {
  document.documentElement.dataset.look = look;
  for (const frame of document.querySelectorAll('[data-card]')) {
    const drawn = new AdaptiveCards.AdaptiveCard();
    drawn.hostConfig = new AdaptiveCards.HostConfig(looks[look]);
    drawn.parse(JSON.parse(frame.dataset.card));
    const heading = document.createElement('h2');
    heading.textContent = frame.dataset.title;
    frame.replaceChildren(...(frame.dataset.title === '' ? [] : [heading]), drawn.render());
  }
};
document.querySelector('#look').addEventListener('click', () =>
  drawAll(document.documentElement.dataset.look === 'dark' ? 'light' : 'dark'),
);
drawAll(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>${title}</title><style>${style}</style>
<p><a href="index.html">All previews</a> <button id="look">light / dark</button></p><h1>${title}</h1>
${body}
<script src="adaptivecards.js"></script><script>${script}</script>
</html>
`;

/** Each message and each form by itself. */
export const singlePage = (
  platform: PreviewedPlatform,
  previews: Readonly<PerLocale<readonly Preview[]>>,
): string => {
  const look = looks[platform];
  const article = (locale: Locale, preview: Preview): string =>
    `<article><code>${html(preview.name)}</code>${
      preview.type === 'modal'
        ? look.form(preview.form)
        : `${look.message(preview.message, locale)}<small>Notification: ${html(preview.message.summary)}</small>`
    }</article>`;
  const languages = Object.entries(previews).map(([locale, all]) => {
    const language = locale === 'de' ? 'de' : 'en';
    return `<h2>${locale}</h2><main lang="${locale}">${all.map((one) => article(language, one)).join('\n')}</main>`;
  });
  return page(`Everything connect-email says in ${platformNames[platform]}`, languages.join('\n'));
};

const said = (one: Said, look: Look, locale: Locale): string => {
  if (one.type === 'person')
    return `<p class="name">${html(one.name)}</p><div class="words">${html(one.text)}</div>`;
  if (one.type === 'form') return look.form(one.form);
  return `<div class="${one.isReply ? 'reply' : ''}">${look.message(one.message, locale)}</div>`;
};

/** Whole conversations: the rep's chat on the left, the IT channel on the right. */
export const storiesPage = (
  platform: PreviewedPlatform,
  stories: Readonly<PerLocale<readonly Story[]>>,
): string => {
  const pane = (story: Story, place: Place, locale: Locale): string =>
    `<section class="pane"><h3>${place === 'rep' ? 'Rep' : 'IT channel'}</h3>${story.said
      .filter((one) => one.place === place)
      .map((one) => said(one, looks[platform], locale))
      .join('\n')}</section>`;
  const languages = Object.entries(stories).flatMap(([locale, all]) => {
    const language = locale === 'de' ? 'de' : 'en';
    return all.map(
      (story) =>
        `<h2>${locale}: ${html(story.name)}</h2><main class="story" lang="${locale}">${pane(story, 'rep', language)}${pane(story, 'it', language)}</main>`,
    );
  });
  return page(`Conversations in ${platformNames[platform]}`, languages.join('\n'));
};
