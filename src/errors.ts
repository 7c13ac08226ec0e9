/** What kind of thing went wrong; the action's output `failure`. Every class has its own wording and retry rule. */
export type FailureClass =
  | 'input'
  | 'auth'
  | 'not-found'
  | 'rate-limit'
  | 'transient'
  | 'verification'
  | 'build'
  | 'registry'
  | 'local'
  | 'cancelled';

/** What the command line ends with, one code a class. Of the action a runner sees only whether it is 0. */
export const EXIT_CODES: Readonly<Record<FailureClass, number>> = {
  local: 1,
  input: 2,
  verification: 3,
  auth: 4,
  'not-found': 5,
  'rate-limit': 6,
  transient: 7,
  registry: 8,
  build: 9,
  // As a shell has it for a program that SIGINT ended.
  cancelled: 130,
};

/** A failure a user can act on: the message says what failed, why it probably did, and what to change. */
export class Failure extends Error {
  readonly kind: FailureClass;
  /** Seconds the other side asked us to wait, when it said so. */
  readonly retryAfterSeconds: number | undefined;
  /** How often at most it is worth trying, where that is less than for its class. */
  readonly attempts: number | undefined;
  /** Lines for the job summary: the compiler's last words, the paths that differ. Already sanitised. */
  readonly details: readonly string[];

  constructor(
    kind: FailureClass,
    message: string,
    options: {
      cause?: unknown;
      retryAfterSeconds?: number | undefined;
      attempts?: number;
      details?: readonly string[];
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.attempts = options.attempts;
    this.details = options.details ?? [];
  }
}

/** Any thrown value as a Failure. Errors of the operating system are named; what nobody foresaw is class `local`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const code = errorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new Failure('local', `no space left: ${message}. Free some disk space on this machine and run again`, {
      cause: error,
    });
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new Failure('local', `not permitted: ${message}. Check who owns the folder and whether it can be written`, {
      cause: error,
    });
  return new Failure('local', message, { cause: error });
}

/** The same failure with one more sentence, about what its step has done or left undone. */
export function withNote(error: unknown, note: string): Failure {
  const { kind, message, details } = toFailure(error);
  return new Failure(kind, `${message}. ${note}`, { cause: error, details });
}

/** The `code` of a node error ('ENOENT'), if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
