"use client";
// Who is on record, who asked to be, and what was decided, from the registry's own events: the chain knows all of it.
import { eligibilityRegistryAbi } from "@polder/contracts";
import type { Address, Hash, Hex } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type Application = {
  person: Address;
  tier: number;
  jurisdiction: number;
  issuer: number;
  evidenceHash: Hash;
  block: bigint;
};

export type Person = {
  person: Address;
  tier: number;
  jurisdiction: number;
  /** Seconds. */
  expiry: bigint;
  frozen: boolean;
};

export type RegistryLog = {
  name: string;
  person: Address;
  reason: Hex | undefined;
  block: bigint;
  index: number;
};

export type RegistryView = {
  /** Open ones, oldest first. */
  applications: readonly Application[];
  /** On record, newest first. */
  persons: readonly Person[];
  /** What became of applications. */
  decisions: readonly RegistryLog[];
};

export function useRegistry() {
  const { shared, startBlock } = useRecord();
  return useChainQuery({
    key: keys.registry,
    read: async (client, toBlock): Promise<RegistryView> => {
      const logs = await client.getContractEvents({
        address: shared.registry as Address,
        abi: eligibilityRegistryAbi,
        fromBlock: BigInt(startBlock),
        toBlock,
        strict: true,
      });
      const open = new Map<Address, Application>();
      const persons = new Map<Address, Person>();
      const frozen = new Map<Address, boolean>();
      const decisions: RegistryLog[] = [];
      for (const log of logs) {
        const at = { block: log.blockNumber, index: log.logIndex };
        switch (log.eventName) {
          case "RequestMade": {
            const { person } = log.args;
            open.delete(person);
            open.set(person, { ...log.args, block: log.blockNumber });
            decisions.push({ name: log.eventName, person, reason: undefined, ...at });
            break;
          }
          case "RequestWithdrawn":
          case "RequestApproved":
          case "RequestDenied": {
            const { person } = log.args;
            open.delete(person);
            const reason = log.eventName === "RequestDenied" ? log.args.reason : undefined;
            decisions.push({ name: log.eventName, person, reason, ...at });
            break;
          }
          case "PersonSet": {
            const { person } = log.args;
            persons.delete(person);
            persons.set(person, { ...log.args, frozen: frozen.get(person) ?? false });
            break;
          }
          case "PersonRemoved":
            persons.delete(log.args.person);
            frozen.delete(log.args.person);
            break;
          case "FrozenSet": {
            const { person } = log.args;
            frozen.set(person, log.args.frozen);
            const known = persons.get(person);
            if (known !== undefined) persons.set(person, { ...known, frozen: log.args.frozen });
            break;
          }
        }
      }
      return { applications: [...open.values()], persons: [...persons.values()].reverse(), decisions };
    },
  });
}
