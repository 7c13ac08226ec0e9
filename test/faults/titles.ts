import ts from 'typescript';

const RUNNERS = ['describe', 'it', 'test'];

/**
 * The titles of the tests in a file's text, each behind those of the groups that hold it, ` > ` between them. A table of
 * tests has its template, and a title for each row that says in plain words what goes into it.
 */
export function titlesIn(text: string): Set<string> {
  const file = ts.createSourceFile('tests.ts', text, ts.ScriptTarget.ESNext, true);
  const constants = new Map<string, ts.Expression>();
  const titles = new Set<string>();
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      constants.set(node.name.text, node.initializer);
    const call = ts.isCallExpression(node) ? runnerOf(node) : undefined;
    const title = ts.isCallExpression(node) && call !== undefined ? textOf(node.arguments[0]) : undefined;
    if (call === undefined || title === undefined) {
      ts.forEachChild(node, (child) => visit(child, groups));
      return;
    }
    for (const one of [title, ...rowsOf(call.table, constants).map((row) => filled(title, row))]) {
      const path = [...groups, one];
      titles.add(path.join(' > '));
      if (call.runner === 'describe') ts.forEachChild(node, (child) => visit(child, path));
    }
  };
  visit(file, []);
  return titles;
}

/** Which runner a call names, and its table: `it(…)`, `it.each(table)(…)`, `describe.concurrent(…)`. */
function runnerOf({ expression }: ts.CallExpression): { runner: string; table: ts.Expression | undefined } | undefined {
  const callee = ts.isCallExpression(expression) ? expression.expression : expression;
  const name = ts.isPropertyAccessExpression(callee) ? callee.expression : callee;
  if (!ts.isIdentifier(name) || !RUNNERS.includes(name.text)) return undefined;
  const isTable = ts.isCallExpression(expression) && callee.getText().endsWith('.each');
  return { runner: name.text, table: isTable ? expression.arguments[0] : undefined };
}

/** What the file says before that a name stands for. */
type Constants = ReadonlyMap<string, ts.Expression>;

/** The literals that each row of a table begins with. */
function rowsOf(table: ts.Expression | undefined, constants: Constants): string[][] {
  if (table === undefined) return [];
  if (ts.isAsExpression(table)) return rowsOf(table.expression, constants);
  if (ts.isIdentifier(table)) return rowsOf(constants.get(table.text), constants);
  if (!ts.isArrayLiteralExpression(table)) return [];
  return table.elements.map((row) => {
    const cells = ts.isArrayLiteralExpression(row) ? [...row.elements] : [row];
    const texts = cells.map((cell) => literal(cell, constants));
    const end = texts.indexOf(undefined);
    return texts.slice(0, end < 0 ? texts.length : end).filter((text) => text !== undefined);
  });
}

/** A text or a number, written there or made of texts that are. */
function literal(node: ts.Expression | undefined, constants: Constants): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isNumericLiteral(node) || ts.isStringLiteralLike(node)) return node.text;
  if (node.getText() === 'undefined') return 'undefined';
  if (ts.isIdentifier(node)) return literal(constants.get(node.text), new Map());
  if (!ts.isTemplateExpression(node)) return undefined;
  const parts = node.templateSpans.map(({ expression, literal: { text } }) => {
    const value = literal(expression, constants);
    return value === undefined ? undefined : value + text;
  });
  return parts.includes(undefined) ? undefined : node.head.text + parts.join('');
}

function textOf(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node) ? node.getText().slice(1, -1) : undefined;
}

/** A template with the cells of a row in the places of its `%s`, as far as they are known. */
function filled(template: string, cells: readonly string[]): string {
  const left = [...cells];
  return template.replace(/%[sdij]/g, (place) => {
    const cell = left.shift();
    return cell === undefined ? place : place === '%j' ? JSON.stringify(cell) : cell;
  });
}
