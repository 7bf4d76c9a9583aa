// A signer for a long deployment that may die in the middle: journals what it sends before it goes out, and what it reads. The same
// code run again is then given the same answers, so that it sends the same, and what was sent is not sent twice. Knows
// nothing of what is deployed.
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import {
  AbstractSigner,
  id,
  type JsonRpcProvider,
  keccak256,
  type Provider,
  type TransactionRequest,
  type TransactionResponse,
  type TypedDataDomain,
  type TypedDataField,
  type Wallet,
} from "ethers";

/** What a deployment is of: a journal of another one is not taken up. */
export type Heading = Record<string, string | number | boolean>;

type Sent = { nonce: number; hash: string; raw: string };
type Line = { key: string; read: unknown } | ({ key: string } & Sent);

export class DeploymentJournal {
  readonly #path: string;
  /** Answers not given yet, by question, in their order. */
  readonly #reads = new Map<string, unknown[]>();
  readonly #sends = new Map<string, Sent[]>();
  /** Written with the first transaction: before it there is nothing to go on with. */
  #unwritten: unknown[] = [];
  /** How many transactions were sent before. */
  readonly done: number;

  /** Opens the journal at `path`. Throws where it is of another deployment. */
  constructor(path: string, heading: Heading) {
    this.#path = path;
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    // What a crash cut off must not swallow the next line.
    if (text !== "" && !text.endsWith("\n")) appendFileSync(path, "\n");
    const [first, ...lines] = linesOf(text);
    if (first === undefined) {
      this.#unwritten.push(heading);
    } else if (JSON.stringify(first) !== JSON.stringify(heading)) {
      throw new Error(
        `a deployment with other options did not finish (${path}): give the same ones to go on with it, or --restart to begin anew`,
      );
    }
    for (const line of lines as Line[]) {
      if ("read" in line) push(this.#reads, line.key, line.read);
      else push(this.#sends, line.key, line);
    }
    this.done = [...this.#sends.values()].flat().length;
  }

  /** Forgets a deployment that did not finish. */
  static remove(path: string): void {
    rmSync(path, { force: true });
  }

  /** The answer to `question` that was given before, else the one given now. */
  async read<Answer>(question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const key = id(question);
    const known = this.#reads.get(key);
    if (known !== undefined && known.length > 0) return known.shift() as Answer;
    const answer = await ask();
    const line: Line = { key, read: answer };
    if (this.#unwritten.length > 0) this.#unwritten.push(line);
    else this.#append([line]);
    return answer;
  }

  /** The transaction that was sent for this before, if one was. */
  take(what: string): Sent | undefined {
    return this.#sends.get(id(what))?.shift();
  }

  /** Throws where something was sent before that this run did not ask for: then it is another deployment. */
  requireAllTaken(): void {
    if ([...this.#sends.values()].every((each) => each.length === 0)) return;
    throw new Error(
      `the contracts or the deployment changed since it was begun (${this.#path}): go back to that commit to finish it, or --restart to begin anew`,
    );
  }

  sent(what: string, sent: Sent): void {
    this.#append([...this.#unwritten, { key: id(what), ...sent }]);
    this.#unwritten = [];
  }

  finish(): void {
    DeploymentJournal.remove(this.#path);
  }

  #append(lines: readonly unknown[]): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    appendFileSync(this.#path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }
}

/** Signs as `wallet`, by a journal. */
export class ResumableSigner extends AbstractSigner {
  readonly #wallet: Wallet;
  readonly #provider: JsonRpcProvider;
  readonly #journal: DeploymentJournal;

  constructor(wallet: Wallet, provider: JsonRpcProvider, journal: DeploymentJournal) {
    super(journalled(provider, journal));
    this.#wallet = wallet;
    this.#provider = provider;
    this.#journal = journal;
  }

  async getAddress(): Promise<string> {
    return this.#wallet.address;
  }

  connect(): never {
    throw new Error("a deployment stays with one node");
  }

  override call(request: TransactionRequest): Promise<string> {
    return this.#journal.read(`call ${request.to} ${request.data}`, () => this.#wallet.call(request));
  }

  /** Addresses are computed from it: it must not be asked of a chain that is further by now. */
  override getNonce(): Promise<number> {
    return this.#journal.read("nonce", () =>
      this.#provider.getTransactionCount(this.#wallet.address, "pending"),
    );
  }

  override async sendTransaction(request: TransactionRequest): Promise<TransactionResponse> {
    const what = `send ${request.to ?? "create"} ${request.data}`;
    const before = this.#journal.take(what);
    if (before !== undefined) {
      const found = await this.#takeUp(before);
      if (found !== undefined) return found;
    }
    this.#journal.requireAllTaken();
    const nonce = await this.#provider.getTransactionCount(this.#wallet.address, "pending");
    const raw = await this.#wallet.signTransaction(
      await this.#wallet.populateTransaction({ ...request, from: this.#wallet.address, nonce }),
    );
    this.#journal.sent(what, { nonce, hash: keccak256(raw), raw });
    return this.#provider.broadcastTransaction(raw);
  }

  signTransaction(request: TransactionRequest): Promise<string> {
    return this.#wallet.signTransaction(request);
  }

  signMessage(message: string | Uint8Array): Promise<string> {
    return this.#wallet.signMessage(message);
  }

  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    value: Record<string, unknown>,
  ): Promise<string> {
    return this.#wallet.signTypedData(domain, types, value);
  }

  /** What was sent before; sent again where it never arrived. Undefined where it was mined and failed. */
  async #takeUp({ nonce, hash, raw }: Sent): Promise<TransactionResponse | undefined> {
    const receipt = await this.#provider.getTransactionReceipt(hash);
    if (receipt?.status === 0) return undefined;
    const known = await this.#provider.getTransaction(hash);
    if (known !== null) return known;
    const used = await this.#provider.getTransactionCount(this.#wallet.address, "latest");
    if (used > nonce) {
      throw new Error(
        `${this.#wallet.address} has sent something else in place of the deployment's transaction ${nonce}: begin anew with --restart`,
      );
    }
    return this.#provider.broadcastTransaction(raw);
  }
}

/** The chain's time is part of what is deployed: a block that was looked at stays the one looked at. */
function journalled(provider: JsonRpcProvider, journal: DeploymentJournal): Provider {
  return new Proxy(provider, {
    get(target, name) {
      if (name === "getBlock") {
        return (tag: unknown) =>
          journal.read(`block ${tag}`, async () => {
            const block = await target.getBlock(tag as string);
            return block && { number: block.number, timestamp: block.timestamp, hash: block.hash };
          });
      }
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The last one may have been cut off by the end that it is there for. */
function linesOf(text: string): unknown[] {
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

function push<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key) ?? [];
  list.push(item);
  lists.set(key, list);
}
