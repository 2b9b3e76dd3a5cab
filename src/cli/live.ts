import { clearScreenDown, moveCursor } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import type { Block } from '../chat/view.ts';
import { type Paper, renderBlocks } from './render.ts';

/** A few lines at the foot of a terminal that are drawn over in place. */
export const createLiveArea = (stream: NodeJS.WriteStream, paper: Paper) => {
  let drawn = 0;
  const wipe = (): void => {
    if (drawn > 0) moveCursor(stream, 0, -drawn);
    stream.cursorTo(0);
    clearScreenDown(stream);
  };
  return {
    /** Takes away what was drawn last. */
    clear: (): void => {
      wipe();
      drawn = 0;
    },
    draw: (blocks: readonly Block[]): void => {
      const text = renderBlocks(blocks, paper);
      wipe();
      stream.write(`${text}\n`);
      // Long lines wrap by themselves and take more than one row of the screen; colours take no room.
      drawn = stripVTControlCharacters(text)
        .split('\n')
        .reduce(
          (rows, line) => rows + Math.max(1, Math.ceil(line.length / (stream.columns || paper.width))),
          0,
        );
    },
  };
};
