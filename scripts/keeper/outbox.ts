// Transactions under way. Each signer counts its nonces here, so that many of its transactions are in flight at once; what
// was sent is journalled first, found again after a crash, sent again after a reorganisation, and replaced at a higher fee
// where it is stuck. Knows nothing of what the transactions do.
import { isError, type JsonRpcProvider, keccak256, type TransactionReceipt, type Wallet } from "ethers";
import { type Entry, Journal, type Version } from "./journal.ts";

export type Work = {
  /** What it is about: there is one transaction under way for a key at a time. */
  key: string;
  job: string;
  sender: string;
  to: string;
  data: string;
  gasLimit: bigint;
  /** What the sender pays in tokens, so that it is not promised twice. */
  spends?: { token: string; amount: bigint };
  fields: Record<string, string | number | boolean>;
};

export type Outcome = {
  entry: Entry;
  /** Undefined: another transaction took its nonce, or a replacement that does nothing. */
  receipt: TransactionReceipt | undefined;
};

export type Head = { number: number; baseFee: bigint };

export type OutboxOptions = {
  /** Where journals are kept. */
  folder: string;
  /** Tells chains apart, also those that began anew under the same id. */
  chain: string;
  chainId: number;
  /** Blocks after which a transaction is replaced. */
  stuckAfter: number;
  /** Wei per gas, at most. */
  maxFee: bigint;
  /** Told of each replacement. */
  onReplaced(entry: Entry): void;
};

/** Nodes take a replacement at a tenth more; an eighth more leaves room for those that want more. */
const BUMP = { numerator: 1_125n, denominator: 1_000n };
/** Blocks that what was mined is remembered, in case they are replaced. */
const REORG_MARGIN = 64;
/** A node behind a balancer may know a nonce before the receipt. */
const PATIENCE_FOR_RECEIPT = 10; // looks
const GWEI = 10n ** 9n;
const CANCEL_GAS = 21_000n;

type Pending = Entry & { looksWithoutReceipt?: number };

export class Outbox {
  readonly signers: readonly Wallet[];
  readonly #provider: JsonRpcProvider;
  readonly #options: OutboxOptions;
  readonly #journals: Map<string, Journal>;
  readonly #nextNonce = new Map<string, number>();
  readonly #pending = new Map<string, Pending[]>();
  readonly #mined = new Map<string, (Entry & { block: number })[]>();
  /** Keys under way. */
  readonly #keys = new Set<string>();
  /** Block in which the last transaction for a key was mined. */
  readonly #settled = new Map<string, number>();
  /** Nonces below which somebody's transactions are pending that this process knows nothing of. */
  readonly #foreignUntil = new Map<string, number>();
  readonly #queues = new Map<string, Promise<void>>();
  #tip = GWEI;

  private constructor(
    provider: JsonRpcProvider,
    signers: readonly Wallet[],
    journals: Map<string, Journal>,
    options: OutboxOptions,
  ) {
    this.#provider = provider;
    this.signers = signers;
    this.#journals = journals;
    this.#options = options;
  }

  /** Takes up what was under way before: sends again what the node does not know, and counts on from there. */
  static async open(
    provider: JsonRpcProvider,
    signers: readonly Wallet[],
    options: OutboxOptions,
  ): Promise<Outbox> {
    const journals = new Map<string, Journal>();
    try {
      for (const { address } of signers) {
        journals.set(address, new Journal(options.folder, options.chain, address));
      }
      const outbox = new Outbox(provider, signers, journals, options);
      await Promise.all(signers.map((signer) => outbox.#reconcile(signer.address)));
      return outbox;
    } catch (error) {
      for (const journal of journals.values()) journal.close();
      throw error;
    }
  }

  close(): void {
    for (const journal of this.#journals.values()) journal.close();
  }

  get pending(): number {
    return [...this.#pending.values()].reduce((sum, each) => sum + each.length, 0);
  }

  pendingOf(address: string): number {
    return this.#pending.get(address)?.length ?? 0;
  }

  /** Whether a transaction for `key` is under way, or was mined after `block`, so that what was read then is outdated. */
  isUnderWay(key: string, block: number): boolean {
    return this.#keys.has(key) || (this.#settled.get(key) ?? -1) > block;
  }

  /** What `address` has promised to pay of `token` and has not paid yet. */
  promised(address: string, token: string): bigint {
    return (this.#pending.get(address) ?? [])
      .filter(({ spends }) => spends?.token === token)
      .reduce((sum, { spends }) => sum + BigInt(spends?.amount ?? 0), 0n);
  }

  /** Wei that the transactions under way of `address` may cost. */
  promisedGas(address: string): bigint {
    return (this.#pending.get(address) ?? []).reduce(
      (sum, { gasLimit, versions }) => sum + BigInt(gasLimit) * BigInt(versions.at(-1)?.maxFeePerGas ?? 0),
      0n,
    );
  }

  /** Whether transactions of `address` are pending that this process did not send. */
  hasForeign(address: string): boolean {
    return this.#foreignUntil.has(address);
  }

  /** Wei per gas, and thereof the tip, that a new transaction offers. */
  fees({ baseFee }: Head): { maxFeePerGas: bigint; maxPriorityFeePerGas: bigint } {
    const wanted = 2n * baseFee + this.#tip;
    const maxFeePerGas = wanted < this.#options.maxFee ? wanted : this.#options.maxFee;
    return { maxFeePerGas, maxPriorityFeePerGas: this.#tip < maxFeePerGas ? this.#tip : maxFeePerGas };
  }

  /**
   * Signs and sends `work` with the sender's next nonce. A sender's go out in their order, senders beside each other. False
   * where its key is under way already. Throws where the node refuses it: its nonce is free then.
   */
  send(work: Work, head: Head): Promise<boolean> {
    if (this.#keys.has(work.key)) return Promise.resolve(false);
    this.#keys.add(work.key);
    const before = this.#queues.get(work.sender) ?? Promise.resolve();
    const sent = before
      .then(() => this.#send(work, head))
      .catch((error: unknown) => {
        this.#keys.delete(work.key);
        throw error;
      });
    this.#queues.set(
      work.sender,
      sent.then(
        () => {},
        () => {},
      ),
    );
    return sent.then(() => true);
  }

  /** Looks what became of the transactions under way. To be called at each new block. */
  async look(head: Head): Promise<Outcome[]> {
    const tip = await this.#provider.send("eth_maxPriorityFeePerGas", []).then(BigInt, () => GWEI);
    this.#tip = tip > 0n ? tip : 1n;
    const outcomes = await Promise.all(this.signers.map((signer) => this.#lookAt(signer, head)));
    for (const [key, block] of this.#settled) {
      if (block < head.number - REORG_MARGIN) this.#settled.delete(key);
    }
    return outcomes.flat();
  }

  /* RESTART */

  async #reconcile(address: string): Promise<void> {
    const [latest, withPending] = await this.#counts(address);
    const known = this.#journals.get(address)?.read() ?? [];
    const open = known.filter(({ nonce }) => nonce >= latest);
    for (const { nonce } of known) if (nonce < latest) this.#journals.get(address)?.done(nonce);
    this.#pending.set(address, open);
    for (const entry of open) {
      this.#keys.add(entry.key);
      await this.#broadcast(entry);
    }
    const next = Math.max(latest, withPending, ...open.map(({ nonce }) => nonce + 1));
    this.#nextNonce.set(address, next);
    const nonces = new Set(open.map(({ nonce }) => nonce));
    for (let nonce = latest; nonce < withPending; nonce++) {
      if (!nonces.has(nonce)) this.#foreignUntil.set(address, nonce + 1);
    }
  }

  async #counts(address: string): Promise<[latest: number, withPending: number]> {
    return Promise.all([
      this.#provider.getTransactionCount(address, "latest"),
      this.#provider.getTransactionCount(address, "pending"),
    ]);
  }

  /* SENDING */

  async #send(work: Work, head: Head): Promise<void> {
    const nonce = this.#nextNonce.get(work.sender) ?? 0;
    const { maxFeePerGas, maxPriorityFeePerGas } = this.fees(head);
    const { spends, gasLimit, sender, ...rest } = work;
    const version = await this.#sign(work.sender, {
      nonce,
      to: work.to,
      data: work.data,
      gasLimit,
      maxFeePerGas,
      maxPriorityFeePerGas,
    });
    const entry: Pending = {
      ...rest,
      signer: sender,
      nonce,
      gasLimit: gasLimit.toString(),
      ...(spends && { spends: { token: spends.token, amount: spends.amount.toString() } }),
      versions: [version],
      sentAt: head.number,
    };
    this.#journals.get(sender)?.sent(entry);
    this.#nextNonce.set(sender, nonce + 1);
    this.#pendingOf(sender).push(entry);
    try {
      await this.#provider.send("eth_sendRawTransaction", [version.raw]);
    } catch (error) {
      if (!isRefusal(error)) return; // whether it arrived is not known: it counts as under way and is sent again
      const pending = this.#pendingOf(sender);
      pending.splice(pending.indexOf(entry), 1);
      this.#journals.get(sender)?.done(nonce);
      // Refused, or, where a node mines at once, mined and failed: its word on the nonce counts.
      const after = pending.map((each) => each.nonce + 1);
      const counts = await this.#counts(sender).catch(() => [nonce]);
      this.#nextNonce.set(sender, Math.max(...counts, ...after));
      throw error;
    }
  }

  #pendingOf(address: string): Pending[] {
    const known = this.#pending.get(address) ?? [];
    this.#pending.set(address, known);
    return known;
  }

  async #sign(
    address: string,
    request: {
      nonce: number;
      to: string;
      data: string;
      gasLimit: bigint;
      maxFeePerGas: bigint;
      maxPriorityFeePerGas: bigint;
    },
  ): Promise<Version> {
    const signer = this.signers.find((each) => each.address === address);
    if (signer === undefined) throw new Error(`${address} is none of the signers`);
    const raw = await signer.signTransaction({ type: 2, chainId: this.#options.chainId, ...request });
    return {
      hash: keccak256(raw),
      raw,
      maxFeePerGas: request.maxFeePerGas.toString(),
      maxPriorityFeePerGas: request.maxPriorityFeePerGas.toString(),
    };
  }

  /** Sends the newest version once more; that a node knows it already, or it is mined, is no failure. */
  async #broadcast({ versions }: Entry): Promise<void> {
    const raw = versions.at(-1)?.raw;
    await this.#provider.send("eth_sendRawTransaction", [raw]).catch(() => {});
  }

  /* WHAT BECAME OF IT */

  async #lookAt(signer: Wallet, head: Head): Promise<Outcome[]> {
    const { address } = signer;
    const pending = this.#pending.get(address) ?? [];
    const mined = this.#mined.get(address) ?? [];
    if (pending.length + mined.length === 0 && !this.#foreignUntil.has(address)) return [];
    const latest = await this.#provider.getTransactionCount(address, "latest");
    if (latest >= (this.#foreignUntil.get(address) ?? 0)) this.#foreignUntil.delete(address);
    this.#takeBack(address, latest);
    this.#mined.set(
      address,
      (this.#mined.get(address) ?? []).filter(({ block }) => block > head.number - REORG_MARGIN),
    );
    const outcomes: Outcome[] = [];
    const left: Pending[] = [];
    await Promise.all(
      [...(this.#pending.get(address) ?? [])].map(async (entry) => {
        const outcome = entry.nonce < latest ? await this.#outcomeOf(entry) : undefined;
        if (outcome === undefined) left.push(entry);
        else outcomes.push(outcome);
      }),
    );
    // What was sent meanwhile stays as well.
    const gone = new Set(outcomes.map(({ entry }) => entry.nonce));
    this.#pending.set(
      address,
      (this.#pending.get(address) ?? []).filter(({ nonce }) => !gone.has(nonce)),
    );
    for (const { entry, receipt } of outcomes) {
      this.#keys.delete(entry.key);
      this.#journals.get(address)?.done(entry.nonce);
      if (receipt === undefined) continue;
      this.#settled.set(entry.key, receipt.blockNumber);
      this.#mined.get(address)?.push({ ...entry, block: receipt.blockNumber });
    }
    for (const entry of left.sort((a, b) => a.nonce - b.nonce)) {
      if (entry.nonce >= latest && head.number - entry.sentAt >= this.#options.stuckAfter) {
        await this.#replace(entry, head);
      }
    }
    return outcomes;
  }

  /** Undefined: not known yet. */
  async #outcomeOf(entry: Pending): Promise<Outcome | undefined> {
    for (const { hash } of [...entry.versions].reverse()) {
      const receipt = await this.#provider.getTransactionReceipt(hash);
      if (receipt !== null) return { entry, receipt };
    }
    entry.looksWithoutReceipt = (entry.looksWithoutReceipt ?? 0) + 1;
    return entry.looksWithoutReceipt < PATIENCE_FOR_RECEIPT ? undefined : { entry, receipt: undefined };
  }

  /** After a reorganisation that undid mined transactions: they are under way again. */
  #takeBack(address: string, latest: number): void {
    const mined = this.#mined.get(address) ?? [];
    const undone = mined.filter(({ nonce }) => nonce >= latest);
    if (undone.length === 0) return;
    const pending = this.#pending.get(address) ?? [];
    for (const { block, ...entry } of undone) {
      this.#keys.add(entry.key);
      this.#settled.delete(entry.key);
      this.#journals.get(address)?.sent(entry);
      pending.push(entry);
      void this.#broadcast(entry);
    }
    pending.sort((a, b) => a.nonce - b.nonce);
    this.#pending.set(address, pending);
    this.#mined.set(
      address,
      mined.filter(({ nonce }) => nonce < latest),
    );
  }

  /**
   * The same at a higher fee; where it would fail by now, a transfer of nothing to itself, which frees the nonce. Where the
   * fee's limit is reached it goes out once more as it is.
   */
  async #replace(entry: Pending, head: Head): Promise<void> {
    const last = entry.versions.at(-1);
    if (last === undefined) return;
    const now = this.fees(head);
    const raised = (text: string, least: bigint): bigint => {
      const bumped = (BigInt(text) * BUMP.numerator + BUMP.denominator - 1n) / BUMP.denominator;
      return bumped > least ? bumped : least;
    };
    const maxFeePerGas = raised(last.maxFeePerGas, now.maxFeePerGas);
    const maxPriorityFeePerGas = raised(last.maxPriorityFeePerGas, now.maxPriorityFeePerGas);
    if (maxFeePerGas > this.#options.maxFee) return this.#broadcast(entry);
    const { nonce, to, data, signer } = entry;
    const works =
      !entry.cancelled &&
      (await this.#provider.call({ from: signer, to, data, gasLimit: BigInt(entry.gasLimit) }).then(
        () => true,
        (error: unknown) => !isError(error, "CALL_EXCEPTION"),
      ));
    const what = works
      ? { to, data, gasLimit: BigInt(entry.gasLimit) }
      : { to: signer, data: "0x", gasLimit: CANCEL_GAS };
    const version = await this.#sign(signer, { nonce, ...what, maxFeePerGas, maxPriorityFeePerGas });
    entry.versions.push(version);
    entry.sentAt = head.number;
    if (!works) entry.cancelled = true;
    this.#journals.get(signer)?.sent(entry);
    await this.#broadcast(entry);
    this.#options.onReplaced(entry);
  }
}

/** Whether the node answered, and said no: otherwise the transaction may have arrived. */
function isRefusal(error: unknown): boolean {
  if (/already known|already imported/i.test(String((error as Error).message))) return false;
  return (
    isError(error, "NONCE_EXPIRED") ||
    isError(error, "REPLACEMENT_UNDERPRICED") ||
    isError(error, "INSUFFICIENT_FUNDS") ||
    isError(error, "CALL_EXCEPTION") ||
    (isError(error, "UNKNOWN_ERROR") && "error" in error)
  );
}
