// Which database an index writes to. Rows of one chain, deployment and version of the index must never meet those of
// another: whenever one of these changes, or history did, a new database is begun. Knows no SQL.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeploymentRecord } from "@polder/contracts/deployment/record.ts";
import type { Anchor } from "./chain.ts";

const UNLOCK = join(import.meta.dirname, "unlock.ts");
const UNLOCK_PATIENCE = 10_000; // milliseconds; then it is waited for
const ROOT = join(import.meta.dirname, "..");
const SOURCES = [
  ...["package.json", "ponder.config.ts", "ponder.schema.ts", "src/**/*.ts"],
  ...["../contracts/build/abi.ts", "../contracts/model/*.ts"],
];

type State = {
  /** Of the sources and the record: what the rows follow from. */
  identity: string;
  /** Counts the databases begun, so that each has a name of its own. */
  generation: number;
  anchor?: Anchor;
};

export class Database {
  readonly #folder: string;
  #state: State;

  /** Opens what is in `folder` for `record`, or begins anew. */
  constructor(folder: string, record: DeploymentRecord) {
    mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    const identity = identityOf(record);
    const known = this.#read();
    this.#state = known ?? { identity, generation: 0 };
    if (known?.identity !== identity) this.renew(identity);
  }

  /** Where the record is put for Ponder to read. */
  get recordPath(): string {
    return join(this.#folder, "deployment.json");
  }

  /** Where PGlite keeps its files. */
  get directory(): string {
    return join(this.#folder, `pglite-${this.#state.generation}`);
  }

  /** Of the tables, in PostgreSQL. */
  get schema(): string {
    return `polder_${this.#state.identity}_${this.#state.generation}`;
  }

  /** Frees PGlite's files of the lock that the run before left; without it the next one would wait for that to end. */
  async unlock(): Promise<void> {
    if (process.env.DATABASE_URL || !existsSync(this.directory)) return;
    const child = spawn(process.execPath, [UNLOCK, this.directory], {
      stdio: "ignore",
      timeout: UNLOCK_PATIENCE,
    });
    await once(child, "exit");
  }

  get anchor(): Anchor | undefined {
    return this.#state.anchor;
  }

  /** Begins a new database and drops the files of the old one. */
  renew(identity: string = this.#state.identity): void {
    rmSync(this.directory, { recursive: true, force: true });
    this.#write({ identity, generation: this.#state.generation + 1 });
  }

  rememberAnchor(anchor: Anchor): void {
    if (anchor.hash !== this.#state.anchor?.hash) this.#write({ ...this.#state, anchor });
  }

  writeRecord(record: DeploymentRecord): void {
    writeFileSync(this.recordPath, JSON.stringify(record));
  }

  get #path(): string {
    return join(this.#folder, "state.json");
  }

  /** Undefined where there is none, or a cut one. */
  #read(): State | undefined {
    if (!existsSync(this.#path)) return undefined;
    try {
      return JSON.parse(readFileSync(this.#path, "utf8")) as State;
    } catch {
      return undefined;
    }
  }

  #write(state: State): void {
    this.#state = state;
    writeFileSync(`${this.#path}.new`, JSON.stringify(state));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

function identityOf(record: DeploymentRecord): string {
  const hash = createHash("sha256").update(JSON.stringify(record));
  for (const file of globSync(SOURCES, { cwd: ROOT }).sort()) hash.update(readFileSync(join(ROOT, file)));
  return hash.digest("hex").slice(0, 12);
}
