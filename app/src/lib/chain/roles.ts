"use client";
// Who is guardian, registrar, agent and servicer, as the access manager's events tell: roles are granted and revoked there alone.
import { accessManagerAbi } from "@polder/contracts";
import { type Address, isAddressEqual } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

/** Numbers of the access manager's roles, as `contracts/deployment/powers.ts` gives them out. */
const ROLE_IDS = { guardian: 1n, registrar: 2n, agent: 3n, servicer: 5n } as const;

export type Role = keyof typeof ROLE_IDS;

export type RoleMembers = Readonly<Record<Role, readonly Address[]>>;

const ROLES = Object.keys(ROLE_IDS) as Role[];

export function useRoleMembers() {
  const { shared, startBlock } = useRecord();
  return useChainQuery({
    key: [...keys.registry, "roles"],
    read: async (client, toBlock): Promise<RoleMembers> => {
      const logs = await client.getContractEvents({
        address: shared.accessManager as Address,
        abi: accessManagerAbi,
        fromBlock: BigInt(startBlock),
        toBlock,
        strict: true,
      });
      const members = { guardian: none(), registrar: none(), agent: none(), servicer: none() };
      for (const log of logs) {
        if (log.eventName !== "RoleGranted" && log.eventName !== "RoleRevoked") continue;
        for (const role of ROLES) {
          if (log.args.roleId !== ROLE_IDS[role]) continue;
          if (log.eventName === "RoleGranted") members[role].add(log.args.account);
          else members[role].delete(log.args.account);
        }
      }
      return {
        guardian: [...members.guardian],
        registrar: [...members.registrar],
        agent: [...members.agent],
        servicer: [...members.servicer],
      };
    },
  });
}

const none = () => new Set<Address>();

/** Which roles of `among` the account has. */
export function rolesOf<Among extends Role>(
  members: RoleMembers | undefined,
  account: Address | undefined,
  among: readonly Among[],
): Among[] {
  if (members === undefined || account === undefined) return [];
  return among.filter((role) => members[role].some((each) => isAddressEqual(each, account)));
}
