// Puts on the chain what holders and borrowers of a market are told: its documents, by their hashes, and the terms of its
// loans. Reads the documents' files and the chain's time; knows no network and no market by name.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeBytes32String, keccak256, type Provider, type Signer, toUtf8Bytes } from "ethers";
import { type AnyContract, sent } from "./contract.ts";

/** As in `ITermsRegistry.RateKind`. */
const rateKinds = { variable: 0, fixed: 1 } as const;

type Disclosed = {
  /** Which of the market's documents discloses them. */
  document: string;
  /** The most debt under them, in the loan token's smallest unit; of variable terms scaled. */
  cap: bigint;
  /** Seconds from publication. */
  openFor: number;
};

/** Terms that pay the market's rate, without end. */
export type VariableTermsSpec = Disclosed & { kind: "variable" };

/** Terms at a fixed rate to a maturity. Rates in wad per year, times in seconds. */
export type FixedTermsSpec = Disclosed & {
  kind: "fixed";
  rate: bigint;
  /** By how much the rate must exceed the market's for new debt. */
  margin: bigint;
  /** On debt that is overdue, beside the rate. */
  penalty: bigint;
  /** From maturity until overdue. */
  grace: number;
  /** From publication to maturity: longer than they are open. */
  duration: number;
};

export type TermsSpec = VariableTermsSpec | FixedTermsSpec;

/** The part of a market's plain data that is disclosed. */
export type DisclosureSpec = {
  key: string;
  /** Files `documents/<key>/<name>.md` beside this one, by their names. */
  documents: readonly string[];
  terms: readonly TermsSpec[];
};

export type DocumentRecord = {
  /** On the token, as 32 bytes. */
  name: string;
  /** Relative to the folder of this file. */
  uri: string;
  /** keccak256 of the file's bytes. */
  hash: string;
};

export type TermsRecord = { id: number; kind: TermsSpec["kind"]; document: DocumentRecord };

/** What was disclosed of one market. */
export type Disclosure = { documents: readonly DocumentRecord[]; terms: readonly TermsRecord[] };

/**
 * The documents of a market as their files are now. Sends nothing. Throws where one is missing, its name does not fit the
 * chain, or terms name none of them or mature while open.
 */
export function documentsOf({ key, documents, terms }: DisclosureSpec): DocumentRecord[] {
  const found = documents.map((name) => {
    if (toUtf8Bytes(name).length > 31)
      throw new Error(`${key}: the document name "${name}" exceeds 31 bytes`);
    const uri = `documents/${key}/${name}.md`;
    return { name, uri, hash: keccak256(bytesAt(uri, import.meta.dirname)) };
  });
  for (const { document, ...each } of terms) {
    if (!documents.includes(document)) {
      throw new Error(`${key}: terms are disclosed in "${document}", which is none of its documents`);
    }
    if (each.kind === "fixed" && each.duration <= each.openFor) {
      throw new Error(`${key}: the terms of "${document}" mature while they are open`);
    }
  }
  return found;
}

/**
 * The text of a document of a record. Throws where its bytes are not those that were published.
 * @param folder where the uri begins: that of this file, unless documents are kept elsewhere.
 */
export function readDocument({ uri, hash }: DocumentRecord, folder: string = import.meta.dirname): string {
  const bytes = bytesAt(uri, folder);
  const now = keccak256(bytes);
  if (now !== hash) throw new Error(`${uri} is not what was published: its hash is ${now}, not ${hash}`);
  return bytes.toString("utf8");
}

/**
 * Names the documents on the token, publishes the terms from now on and has the market adopt them. Needs the agent's and
 * the administrator's roles.
 */
export async function disclose(
  deployer: Signer,
  { termsRegistry, collateral, market }: Record<"termsRegistry" | "collateral" | "market", AnyContract>,
  spec: DisclosureSpec,
): Promise<Disclosure> {
  const documents = documentsOf(spec);
  for (const { name, uri, hash } of documents) {
    await sent(collateral.setDocument(encodeBytes32String(name), uri, hash));
  }
  const terms: TermsRecord[] = [];
  for (const each of spec.terms) {
    const document = documents.find(({ name }) => name === each.document);
    if (document === undefined) continue; // `documentsOf` has thrown
    const now = await timeOf(deployer.provider);
    await sent(
      termsRegistry.publish(publishedTerms(each, String(market.target), document.hash, now), document.uri),
    );
    const id = Number(await termsRegistry.count());
    await sent(market.adoptTerms(id));
    terms.push({ id, kind: each.kind, document });
  }
  return { documents, terms };
}

/** As in `ITermsRegistry.Terms`, for terms published at `now`, seconds. */
export function publishedTerms(spec: TermsSpec, market: string, documentHash: string, now: number) {
  const common = {
    market,
    rateKind: rateKinds[spec.kind],
    openUntil: now + spec.openFor,
    cap: spec.cap,
    documentHash,
  };
  if (spec.kind === "variable") {
    return { ...common, maturity: 0, ratePerYear: 0, marginPerYear: 0, penaltyPerYear: 0, gracePeriod: 0 };
  }
  return {
    ...common,
    maturity: now + spec.duration,
    ratePerYear: spec.rate,
    marginPerYear: spec.margin,
    penaltyPerYear: spec.penalty,
    gracePeriod: spec.grace,
  };
}

/** Seconds. */
async function timeOf(provider: Provider | null): Promise<number> {
  const block = await provider?.getBlock("latest");
  if (!block)
    throw new Error("terms are published by the chain's time: the deployer's signer has no provider");
  return block.timestamp;
}

function bytesAt(uri: string, folder: string): Buffer {
  const path = join(folder, uri);
  if (!existsSync(path))
    throw new Error(`there is no document ${uri}: write it, or take it off its market's list`);
  return readFileSync(path);
}
