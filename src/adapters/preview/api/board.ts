import type { AdapterMemory } from '../../../chat/port.ts';
import { DeliveryError } from '../../../chat/port.ts';
import { createOnDemand } from '../../../lib/on-demand.ts';
import { limits } from '../limits.ts';
import { type Post, post as postSchema } from './stored.ts';

type NewPost = Omit<Post, 'id' | 'order'>;

/** A place in the order, taken before what stands there is known to have been accepted. */
type Seat = { order: number };

/** Everything the two panes show, kept in the adapter's memory so that a reload or a restart shows it again. */
export type Board = {
  all(): Promise<Post[]>;
  get(id: string): Promise<Post | undefined>;
  seat(): Promise<Seat>;
  /** @throws DeliveryError `temporary` when the memory cannot be written. */
  add(post: NewPost, seat?: Seat): Promise<Post>;
  replace(post: Post): Promise<void>;
};

const prefix = 'post/';
/** Memory knows no deletion: places are used again, so that it cannot grow without end. */
const keyOf = (order: number): string => `${prefix}${order % limits.keptPosts}`;

/** What is written down: the fragment of a link is a secret, and is forgotten with this process. */
const withoutSecrets = (post: Post): Post => {
  if (post.content.type !== 'message') return post;
  const { message } = post.content;
  const blocks = message.blocks.map((block) =>
    block.type === 'link' ? { ...block, url: block.url.replace(/#.*$/u, '') } : block,
  );
  return { ...post, content: { type: 'message', message: { ...message, blocks } } };
};

export const createBoard = (memory: AdapterMemory, changed: (post: Post) => void): Board => {
  const posts = new Map<string, Post>();
  let last = 0;

  const { get: loaded } = createOnDemand(async (): Promise<void> => {
    const stored = await memory.list(prefix).catch((cause: unknown) => {
      throw new DeliveryError('temporary', 'the preview cannot read its kept messages', { cause });
    });
    const kept = stored.flatMap(({ value }) => postSchema.safeParse(value).data ?? []);
    for (const one of kept.sort((a, b) => a.order - b.order)) posts.set(one.id, one);
    last = kept.at(-1)?.order ?? 0;
  });

  const write = async (post: Post): Promise<void> => {
    await memory.put(keyOf(post.order), withoutSecrets(post)).catch((cause: unknown) => {
      throw new DeliveryError('temporary', 'the preview cannot keep a message', { cause });
    });
    posts.set(post.id, post);
    for (const old of posts.values()) if (old.order <= last - limits.keptPosts) posts.delete(old.id);
    changed(post);
  };

  const seat = async (): Promise<Seat> => {
    await loaded();
    last += 1;
    return { order: last };
  };

  return {
    seat,
    all: async () => {
      await loaded();
      return [...posts.values()].sort((a, b) => a.order - b.order);
    },
    get: async (id) => {
      await loaded();
      return posts.get(id);
    },
    add: async (post, taken) => {
      const { order } = taken ?? (await seat());
      const added = { ...post, id: `m${order}`, order };
      await write(added);
      return added;
    },
    replace: write,
  };
};
