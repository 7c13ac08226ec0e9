const MAX_LENGTH = 8_192;

/**
 * Hands on the lines of a stream as they end, however it is cut into chunks. A carriage return ends a line as a newline does;
 * what is longer than 8192 characters is cut, which an ellipsis tells.
 */
export function lineReader(onLine: (line: string) => void): { add: (chunk: Buffer) => void; end: () => void } {
  const decoder = new TextDecoder();
  let line = '';
  let returned = false;
  const take = (decoded: string) => {
    // A carriage return at the end waits: a newline may follow it in the next chunk.
    const text = returned ? `\r${decoded}` : decoded;
    returned = text.endsWith('\r');
    const [first = '', ...others] = (returned ? text.slice(0, -1) : text).split(/\r\n|\n|\r/);
    line = start(line + first);
    for (const other of others) {
      onLine(shown(line));
      line = start(other);
    }
  };
  return {
    add: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end: () => {
      take(decoder.decode());
      if (line !== '' || returned) onLine(shown(line));
    },
  };
}

/** As much of a line as has to be kept to tell that it is too long. */
function start(line: string): string {
  return line.slice(0, MAX_LENGTH + 1);
}

function shown(line: string): string {
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
