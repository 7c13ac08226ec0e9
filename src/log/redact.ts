/** Fewer characters of a secret may be the end of anything. */
const LEAST_BEGINNING = 4;

/**
 * Replaces every known secret in a text, as the runner's own masking does; a terminal has no runner to do it. Where a text
 * was cut, which an ellipsis (…) marks, the beginning of a secret may be all that is left of it: that is replaced as well,
 * since no other masking would find it.
 */
export function redactor(): { add(secret: string): void; redact(text: string): string } {
  const secrets = new Set<string>();
  return {
    add: (secret) => {
      if (secret !== '')
        secrets.add(secret).add(Buffer.from(secret).toString('base64')).add(encodeURIComponent(secret));
    },
    redact: (text) => {
      let safe = text;
      // The longest first: one secret may be the beginning of another.
      const known = [...secrets].sort((a, b) => b.length - a.length);
      for (const secret of known) safe = safe.replaceAll(secret, '***');
      const pieces = safe.split('…');
      return pieces
        .map((piece, index) => (index < pieces.length - 1 ? withoutBeginning(piece, known) : piece))
        .join('…');
    },
  };
}

function withoutBeginning(text: string, secrets: readonly string[]): string {
  const lengths = secrets.map((secret) => {
    let length = Math.min(secret.length - 1, text.length);
    while (length >= LEAST_BEGINNING && !text.endsWith(secret.slice(0, length))) length -= 1;
    return length;
  });
  const longest = Math.max(0, ...lengths);
  return longest < LEAST_BEGINNING ? text : `${text.slice(0, -longest)}***`;
}
