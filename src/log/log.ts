/** Where a run tells people what it does. One implementation speaks the runner's commands, one to a terminal. */
export type Log = {
  info(message: string): void;
  notice(message: string): void;
  warning(message: string): void;
  /** The one message of a run that failed. */
  error(message: string): void;
  /** A step: a foldable group on GitHub, a heading on a terminal. */
  group<T>(name: string, body: () => Promise<T>): Promise<T>;
  /** One line of a child's output: untrusted, made inert. `source` says of which: a platform. */
  child(line: string, source: string): void;
  /** Makes a value unprintable in everything that follows. */
  secret(value: string): void;
  /** A text without those values, for where it is shown beside this log. */
  redact(text: string): string;
};
