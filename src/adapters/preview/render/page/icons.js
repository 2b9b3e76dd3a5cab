const paths = {
  good: ['M5 12.5l4.5 4.5L19 7.5'],
  bad: ['M7 7l10 10', 'M17 7L7 17'],
  warning: ['M12 6v7.5', 'M12 17.5v.01'],
  open: ['M9.2 9.3a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2.1', 'M12 17.5v.01'],
  neutral: ['M12 11v6', 'M12 7v.01'],
  waiting: ['M7 12h.01', 'M12 12h.01', 'M17 12h.01'],
  running: ['M12 4a8 8 0 1 1-8 8'],
  skipped: ['M7 12h10'],
  info: ['M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 0 0 0-17', 'M12 11v5', 'M12 7.8v.01'],
  copy: ['M9 9h10v10H9z', 'M15 9V5H5v10h4'],
  send: ['M12 19V5', 'M6 11l6-6 6 6'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  reply: ['M9 7l-5 5 5 5', 'M4 12h10a6 6 0 0 1 6 6'],
};
/** @typedef {keyof typeof paths} IconName */

const svg = 'http://www.w3.org/2000/svg';

/**
 * A line drawing in the colour of the text; its meaning stands beside it in words.
 * @param {IconName} name
 */
export const icon = (name) => {
  const drawing = document.createElementNS(svg, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.setAttribute('class', `icon icon-${name}`);
  for (const d of paths[name]) {
    const path = document.createElementNS(svg, 'path');
    path.setAttribute('d', d);
    drawing.append(path);
  }
  return drawing;
};
