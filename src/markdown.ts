/** A table; cells are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Inline code; what could end it, or a table's cell, is replaced. */
export function code(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, '·')}\``;
}

/** A paragraph in which nothing is markup. */
export function escape(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[<>&|\\`*_~#$[\]]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Lines in a code block whose fence is longer than any run of backticks in them. */
export function fenced(lines: readonly string[]): string {
  let longest = 2;
  for (const [run] of lines.join('\n').matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence].join('\n');
}
