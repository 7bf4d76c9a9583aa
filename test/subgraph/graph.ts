// Asks the index, whole tables at a time, with numbers as bigint.

const TEXTS = new Set(["id", "position", "name", "description"]);

// biome-ignore lint/suspicious/noExplicitAny: rows of any table, whose columns a query names
export type Row = any;

export class Graph {
  readonly #url: string;
  readonly #columns = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  async query(query: string, variables: Record<string, unknown> = {}): Promise<Row> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const { data, errors } = (await response.json()) as { data?: Row; errors?: { message: string }[] };
    if (errors) throw new Error(`${query}: ${errors.map(({ message }) => message).join("; ")}`);
    return data;
  }

  /** Every row of a table, all its columns. */
  async table(name: string): Promise<Row[]> {
    const columns = await this.#columnsOf(name);
    const rows: Row[] = [];
    let after: string | null = null;
    do {
      const page: Row = await this.query(
        `query ($after: String) { page: ${name}s(limit: 1000, after: $after) {
          items { ${columns} } pageInfo { hasNextPage endCursor } } }`,
        { after },
      );
      rows.push(...page.page.items.map(parsed));
      after = page.page.pageInfo.hasNextPage ? page.page.pageInfo.endCursor : null;
    } while (after !== null);
    return rows;
  }

  /** Resolves once the index has block `number`. Throws after `patience` milliseconds. */
  async reach(number: number, patience = 90_000): Promise<void> {
    const until = Date.now() + patience;
    let reached: unknown;
    while (Date.now() < until) {
      try {
        const { _meta } = await this.query("{ _meta { status } }");
        reached = _meta.status.polder?.block.number;
        if (reached === number) return;
      } catch (error) {
        reached = (error as Error).message; // it starts
      }
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`the index does not come to block ${number}, it is at: ${reached}`);
  }

  /** The columns that are no relations. */
  async #columnsOf(name: string): Promise<string> {
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const { __type } = await this.query(
      `{ __type(name: "${name}") { fields { name type { kind ofType { kind ofType { kind } } } } } }`,
    );
    if (!__type) throw new Error(`the index has no ${name}`);
    const scalar = (type: Row): boolean =>
      type.kind === "NON_NULL" || type.kind === "LIST"
        ? scalar(type.ofType ?? { kind: "SCALAR" })
        : ["SCALAR", "ENUM"].includes(type.kind);
    const columns = __type.fields
      .filter(({ type }: Row) => scalar(type))
      .map((field: Row) => field.name)
      .join(" ");
    this.#columns.set(name, columns);
    return columns;
  }
}

/** Columns of type BigInt come as decimal text; ids and texts that look alike stay what they are. */
function parsed(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "string" && /^-?\d+$/.test(value) && !TEXTS.has(key) ? BigInt(value) : value,
    ]),
  );
}
