import ts from 'typescript';

const RUNNERS = ['describe', 'it', 'test'];

/**
 * The titles of the tests in a file's text, each behind those of the groups that hold it, ` > ` between them. A table of
 * tests has its template, and a title for each row that says in plain words what goes into it.
 */
export function titlesIn(text: string): Set<string> {
  const file = ts.createSourceFile('tests.ts', text, ts.ScriptTarget.ESNext, true);
  const tables = new Map<string, ts.Expression>();
  const titles = new Set<string>();
  const visit = (node: ts.Node, groups: readonly string[]): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined)
      tables.set(node.name.text, node.initializer);
    const call = ts.isCallExpression(node) ? runnerOf(node) : undefined;
    const title = ts.isCallExpression(node) && call !== undefined ? textOf(node.arguments[0]) : undefined;
    if (call === undefined || title === undefined) {
      ts.forEachChild(node, (child) => visit(child, groups));
      return;
    }
    for (const one of [title, ...rowsOf(call.table, tables).map((row) => filled(title, row))]) {
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

/** The literals that each row of a table begins with. */
function rowsOf(table: ts.Expression | undefined, tables: ReadonlyMap<string, ts.Expression>): string[][] {
  if (table === undefined) return [];
  if (ts.isAsExpression(table)) return rowsOf(table.expression, tables);
  if (ts.isIdentifier(table)) return rowsOf(tables.get(table.text), new Map());
  if (!ts.isArrayLiteralExpression(table)) return [];
  return table.elements.map((row) => {
    const cells = ts.isArrayLiteralExpression(row) ? [...row.elements] : [row];
    const texts = cells.map(literal);
    const end = texts.indexOf(undefined);
    return texts.slice(0, end < 0 ? texts.length : end).filter((text) => text !== undefined);
  });
}

function literal(node: ts.Expression): string | undefined {
  if (ts.isNumericLiteral(node)) return node.text;
  if (node.kind === ts.SyntaxKind.UndefinedKeyword || node.getText() === 'undefined') return 'undefined';
  return ts.isStringLiteralLike(node) ? node.text : undefined;
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
