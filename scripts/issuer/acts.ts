// What an issuer and the registrar do, each act as the call that it is and whose key it takes. Sends nothing.
import { existsSync, readFileSync } from "node:fs";
import { encodeBytes32String, keccak256, parseUnits, toUtf8Bytes } from "ethers";
import { type AnyContract, marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import type { Role } from "../lib/roles.ts";

export type Act = {
  role: Role;
  /** In words. */
  what: string;
  to: AnyContract;
  method: string;
  args: readonly unknown[];
};

/** As in `IEligibilityRegistry.Tier`. */
export const TIERS = ["none", "holder", "borrower", "liquidator"] as const;
export type Tier = (typeof TIERS)[number];

export type Person = {
  tier: Tier;
  frozen: boolean;
  /** ISO 3166-1 numeric. */
  jurisdiction: number;
  /** Seconds. */
  expiry: number;
};

export type Request = { tier: Tier; jurisdiction: number; issuer: number; evidenceHash: string };

export async function personOf({ registry }: Protocol, address: string): Promise<Person> {
  const { tier, frozen, jurisdiction, expiry } = await registry.recordOf(address);
  return {
    tier: TIERS[Number(tier)] ?? "none",
    frozen,
    jurisdiction: Number(jurisdiction),
    expiry: Number(expiry),
  };
}

/** What `address` asks for; undefined where it asks for nothing. */
export async function requestOf({ registry }: Protocol, address: string): Promise<Request | undefined> {
  const { tier, jurisdiction, issuer, evidenceHash } = await registry.requestOf(address);
  if (tier === 0n) return undefined;
  return {
    tier: TIERS[Number(tier)] ?? "none",
    jurisdiction: Number(jurisdiction),
    issuer: Number(issuer),
    evidenceHash,
  };
}

/* PERSONS: THE REGISTRAR'S */

/** Puts persons on record, or updates them. */
export function admit(
  { registry }: Protocol,
  persons: readonly string[],
  { tier, jurisdiction, expiry }: Omit<Person, "frozen">,
): Act {
  return {
    role: "registrar",
    what: `put ${persons.join(", ")} on record as ${tier} until ${date(expiry)}`,
    to: registry,
    method: "setPersons",
    args: [persons, TIERS.indexOf(tier), jurisdiction, expiry],
  };
}

/** Approves what a person asked for, exactly as it was read. */
export function approve({ registry }: Protocol, person: string, request: Request, expiry: number): Act {
  const { tier, jurisdiction, issuer, evidenceHash } = request;
  return {
    role: "registrar",
    what: `approve the request of ${person}: ${tier}, until ${date(expiry)}`,
    to: registry,
    method: "approveRequest",
    args: [person, [TIERS.indexOf(tier), jurisdiction, issuer, evidenceHash], expiry],
  };
}

/** @param reason the issuer's code, at most 31 bytes */
export function deny({ registry }: Protocol, person: string, reason: string): Act {
  return {
    role: "registrar",
    what: `deny the request of ${person}: ${reason}`,
    to: registry,
    method: "denyRequest",
    args: [person, short("reason", reason)],
  };
}

export function freezePerson({ registry }: Protocol, person: string, frozen: boolean): Act {
  return {
    role: "registrar",
    what: `${frozen ? "freeze" : "release"} ${person} in every asset`,
    to: registry,
    method: "setFrozen",
    args: [person, frozen],
  };
}

/* AN ASSET: THE AGENT'S */

export function freezeAccount(protocol: Protocol, market: string, account: string, frozen: boolean): Act {
  const { collateral } = marketOf(protocol, market);
  return {
    role: "agent",
    what: `${frozen ? "freeze" : "release"} ${account} in the asset of "${market}"`,
    to: collateral,
    method: "setAddressFrozen",
    args: [account, frozen],
  };
}

/** Freezes or releases a part of what an account holds. `amount` in whole tokens. */
export async function freezePart(
  protocol: Protocol,
  market: string,
  account: string,
  amount: string,
  frozen: boolean,
): Promise<Act> {
  const { collateral } = marketOf(protocol, market);
  return {
    role: "agent",
    what: `${frozen ? "freeze" : "release"} ${amount} tokens of ${account} in the asset of "${market}"`,
    to: collateral,
    method: frozen ? "freezePartialTokens" : "unfreezePartialTokens",
    args: [account, await units(collateral, amount)],
  };
}

/** Moves all that a lost wallet holds to another one of the same person, frozen parts included. */
export function recover(protocol: Protocol, market: string, lost: string, wallet: string): Act {
  const { collateral } = marketOf(protocol, market);
  return {
    role: "agent",
    what: `move all that ${lost} holds of the asset of "${market}" to ${wallet}`,
    to: collateral,
    method: "recoverWallet",
    args: [lost, wallet],
  };
}

/** Mints to a holder on record. `amount` in whole tokens. */
export async function mint(protocol: Protocol, market: string, to: string, amount: string): Promise<Act> {
  const { collateral } = marketOf(protocol, market);
  return {
    role: "agent",
    what: `mint ${amount} tokens of the asset of "${market}" to ${to}`,
    to: collateral,
    method: "mint",
    args: [to, await units(collateral, amount)],
  };
}

/** Publishes a document, or a new version of it, by the hash of the file's bytes. */
export function publish(
  protocol: Protocol,
  market: string,
  { name, file, uri }: { name: string; file: string; uri: string },
): Act & { hash: string } {
  if (!existsSync(file)) throw new Error(`there is no file ${file}`);
  const hash = keccak256(readFileSync(file));
  return {
    role: "agent",
    what: `publish "${name}" of the asset of "${market}" at ${uri}, hash ${hash}`,
    to: marketOf(protocol, market).collateral,
    method: "setDocument",
    args: [short("name", name), uri, hash],
    hash,
  };
}

/* REDEMPTIONS */

export type Redemption = {
  market: string;
  id: bigint;
  controller: string;
  /** In the asset's smallest unit. */
  shares: bigint;
};

/** Requests that the issuer has not paid yet. */
export async function pendingRedemptions(
  protocol: Protocol,
  market: string,
  fromBlock: number,
): Promise<Redemption[]> {
  const { desk } = marketOf(protocol, market);
  const events = await desk.queryFilter("RedeemRequest", fromBlock, "latest");
  const all = await Promise.all(
    events.map(async (event): Promise<Redemption[]> => {
      if (!("args" in event)) return [];
      const id = event.args.requestId as bigint;
      const { controller, fulfilled, shares } = await desk.requestOf(id);
      return fulfilled ? [] : [{ market, id, controller, shares }];
    }),
  );
  return all.flat();
}

/**
 * Pays `dollars` a token for a whole request and takes its tokens: the allowance that the desk needs, then the payment. The
 * issuer names the price; what is owed by the asset's NAV is for it to know.
 */
export async function pay(protocol: Protocol, market: string, id: bigint, dollars: string): Promise<Act[]> {
  const { desk, collateral } = marketOf(protocol, market);
  const { controller, fulfilled, shares } = await desk.requestOf(id);
  if (BigInt(controller) === 0n || fulfilled) {
    throw new Error(
      `redemption ${id} of "${market}" does not exist, or was paid already: \`list\` tells what waits`,
    );
  }
  const { stablecoin, dollar } = protocol;
  const token = (await desk.asset()) === stablecoin.target ? stablecoin : dollar;
  const price = parseUnits(dollars, await token.decimals());
  const assets = (shares * price) / 10n ** BigInt(await collateral.decimals());
  if (assets === 0n) throw new Error(`at $${dollars} a token the redemption would be paid with nothing`);
  return [
    {
      role: "agent",
      what: `let the desk of "${market}" take ${assets} units of ${await token.symbol()}`,
      to: token,
      method: "approve",
      args: [desk.target, assets],
    },
    {
      role: "agent",
      what: `pay ${assets} units of ${await token.symbol()} for redemption ${id} of "${market}"`,
      to: desk,
      method: "fulfil",
      args: [id, assets],
    },
  ];
}

/** Has a position in default, whose auction has ended, redeemed with the issuer. `amount` in whole tokens; all where left out. */
export async function workOut(
  protocol: Protocol,
  market: string,
  { owner, termsId, amount }: { owner: string; termsId: number; amount?: string },
): Promise<Act> {
  const { workout, desk, market: contract, collateral } = marketOf(protocol, market);
  const held = (await contract.positionOf(owner, termsId)).collateral as bigint;
  const shares = amount === undefined ? held : await units(collateral, amount);
  return {
    role: "servicer",
    what: `ask the issuer of "${market}" to redeem the collateral of ${owner} under terms ${termsId}`,
    to: workout,
    method: "redeem",
    args: [desk.target, owner, termsId, shares],
  };
}

async function units(token: AnyContract, amount: string): Promise<bigint> {
  if (!/^\d+(\.\d+)?$/.test(amount))
    throw new Error(`"${amount}" is no amount of whole tokens, such as 12.5`);
  return parseUnits(amount, await token.decimals());
}

/** Text as the contracts keep names. */
function short(what: string, text: string): string {
  if (text === "" || toUtf8Bytes(text).length > 31)
    throw new Error(`a ${what} has 1 to 31 bytes, not "${text}"`);
  return encodeBytes32String(text);
}

function date(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 10);
}
