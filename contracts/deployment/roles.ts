// Gives every restricted function of a protocol to the role of its holder, as the table in powers.ts says. Who are the
// members of the roles is the hand-over's matter; until then the administrator is in all of them.
import { type AnyContract, sent } from "./contract.ts";
import { holders, powersOf, type RoleHolder, roleHolders } from "./powers.ts";
import type { Member } from "./protocol.ts";

/** In one transaction. Needs the access manager's administrator, who becomes a member of every role. */
export async function assignRoles(
  accessManager: AnyContract,
  members: readonly Member[],
  administrator: string,
): Promise<void> {
  const named = roleHolders.filter((holder) => holder !== "timelock"); // the administrator's role has a name and a member
  const calls: (readonly [method: string, ...args: unknown[]])[] = [
    ...members.flatMap((member) =>
      [...selectorsByHolder(member)].map(
        ([holder, selectors]) =>
          ["setTargetFunctionRole", member.contract.target, selectors, holders[holder].role] as const,
      ),
    ),
    ...named.map((holder) => ["labelRole", holders[holder].role, holder] as const),
    ...named.map((holder) => ["grantRole", holders[holder].role, administrator, 0] as const),
    ...members
      .filter(({ name }) => name === "CapitalPolicy")
      .map(({ contract }) => ["grantRole", holders.policy.role, contract.target, 0] as const),
  ];
  await sent(accessManager.multicall(encode(accessManager, calls)));
}

/** Calls of `contract` as its `multicall` takes them. */
export function encode(
  contract: AnyContract,
  calls: readonly (readonly [method: string, ...args: unknown[]])[],
): string[] {
  return calls.map(([method, ...args]) => contract.interface.encodeFunctionData(method, args));
}

/** Selectors on a contract by who holds them, where that is a role other than the administrator's. */
function selectorsByHolder({ name, contract, source }: Member): Map<RoleHolder, string[]> {
  const selectors = new Map<RoleHolder, string[]>();
  for (const { call, holder } of powersOf(name, { source })) {
    if (holder === "timelock" || !isRoleHolder(holder)) continue;
    const known = selectors.get(holder) ?? [];
    contract.interface.forEachFunction((fragment) => {
      if (fragment.name === call) known.push(fragment.selector);
    });
    selectors.set(holder, known);
  }
  return selectors;
}

function isRoleHolder(holder: string): holder is RoleHolder {
  return (roleHolders as readonly string[]).includes(holder);
}
