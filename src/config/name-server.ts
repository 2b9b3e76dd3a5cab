/** `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`; the form that node:dns takes. */
export const nameServerPattern =
  /^(?:(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?|\[[0-9a-f:.]+\](?::\d{1,5})?|[0-9a-f:]*:[0-9a-f:.]+)$/iu;
