import { crc32 } from 'node:zlib';

export type Entry = { name: string; content: Buffer };

/** DOS time of 1 January 1980, the earliest there is: the same content always gives the same archive. */
const date = 0x0021;

/** The fields that a local header and its entry in the directory share, from “version needed” on. */
const fields = ({ name, content }: Entry): Buffer => {
  const buffer = Buffer.alloc(26);
  buffer.writeUInt16LE(20, 0);
  // Names are UTF-8.
  buffer.writeUInt16LE(0x0800, 2);
  buffer.writeUInt16LE(0, 4);
  buffer.writeUInt16LE(0, 6);
  buffer.writeUInt16LE(date, 8);
  buffer.writeUInt32LE(crc32(content), 10);
  buffer.writeUInt32LE(content.length, 14);
  buffer.writeUInt32LE(content.length, 18);
  buffer.writeUInt16LE(Buffer.byteLength(name), 22);
  return buffer;
};

const signature = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
};

const localEntry = (entry: Entry): Buffer =>
  Buffer.concat([signature(0x04034b50), fields(entry), Buffer.from(entry.name), entry.content]);

const directoryEntry = (entry: Entry, offset: number): Buffer => {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  const madeBy = Buffer.from([20, 0]);
  return Buffer.concat([signature(0x02014b50), madeBy, fields(entry), rest, Buffer.from(entry.name)]);
};

/** An archive whose entries are stored as they are (PKWARE APPNOTE 4.3); enough for a few small files. */
export const zip = (entries: readonly Entry[]): Buffer => {
  const locals = entries.map(localEntry);
  const directory = entries.map((entry, index) =>
    directoryEntry(
      entry,
      locals.slice(0, index).reduce((sum, { length }) => sum + length, 0),
    ),
  );
  const before = locals.reduce((sum, { length }) => sum + length, 0);
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(size, 8);
  end.writeUInt32LE(before, 12);
  return Buffer.concat([...locals, ...directory, signature(0x06054b50), end]);
};
