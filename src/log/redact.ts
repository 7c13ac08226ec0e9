/** Replaces every known secret in a text, as the runner's own masking does; a terminal has no runner to do it. */
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
      for (const secret of [...secrets].sort((a, b) => b.length - a.length)) safe = safe.replaceAll(secret, '***');
      return safe;
    },
  };
}
