"use client";
// Gives an account what it needs to try the protocol: ether, dollars, pUSD, tokens of an asset, a record. Sent by accounts
// that the node has unlocked.
import {
  developmentDollarAbi,
  iEligibilityRegistryAbi,
  iPegModuleAbi,
  iRwaTokenAbi,
} from "@polder/contracts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Address, encodeFunctionData, erc20Abi } from "viem";
import { useChainClient } from "../../lib/chain/client.tsx";
import { useChainTime } from "../../lib/chain/head.ts";
import { useMarkets, useTokens } from "../../lib/chain/markets.ts";
import { usePortfolio } from "../../lib/chain/portfolio.ts";
import { useRoleMembers } from "../../lib/chain/roles.ts";
import { formatAmount, type ParsedAmount, parseAmount } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { STANDING } from "../../lib/standing.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Select } from "../../parts/Select.tsx";
import { words } from "../../words.ts";
import { TIERS } from "../eligibility/logic.ts";
import { NodeForm } from "./NodeForm.tsx";
import { firstUnlocked, giveEther, sendUnlocked, unlockedAccounts } from "./node.ts";

const YEAR = 31_536_000n;
const NETHERLANDS = 528; // ISO 3166-1

export function Faucet({ account }: { account: Address }) {
  const client = useChainClient();
  const { shared, dollar } = useRecord();
  const tokens = useTokens().data;
  const markets = useMarkets().data?.value ?? [];
  const members = useRoleMembers().data?.value;
  const standing = usePortfolio(account).data?.value.standing.standing;
  const now = useChainTime();
  const { data: unlocked = [] } = useQuery({
    queryKey: ["development-accounts"],
    queryFn: () => unlockedAccounts(client),
  });
  const { development: d, issuer } = words;
  const payer = unlocked[0];
  const registrar = firstUnlocked(unlocked, members?.registrar ?? []);
  const agent = firstUnlocked(unlocked, members?.agent ?? []);
  const usd = { symbol: "USD", decimals: 6, ...tokens?.get(dollar.token.toLowerCase()) };
  const [ether, setEther] = useState("10");
  const [dollars, setDollars] = useState("10000");
  const [pusd, setPusd] = useState("1000");
  const [units, setUnits] = useState("100");
  const [tier, setTier] = useState("2");
  const [key, setKey] = useState("");
  const market = markets.find(({ record }) => record.key === key) ?? markets[0];
  const mayHold = standing !== undefined && (standing & STANDING.hold) !== 0n;
  const amountIssue = (amount: ParsedAmount) =>
    amount.ok ? (amount.value === 0n ? issuer.issues.zero : undefined) : issuer.issues[amount.issue];
  const wei = parseAmount(ether, 18);
  const minted = parseAmount(dollars, usd.decimals);
  const swapped = parseAmount(pusd, usd.decimals);
  const tokensWanted = parseAmount(units, market?.collateral.decimals ?? 18);
  return (
    <div className="grid gap-x-12 gap-y-8 md:grid-cols-2 lg:grid-cols-3">
      <NodeForm
        heading={d.record}
        about={d.recordAbout}
        submit={d.approve}
        issue={registrar === undefined ? d.notUnlocked(issuer.roles.registrar) : undefined}
        act={async (chain) => ({
          hash: await sendUnlocked(
            chain,
            registrar as Address,
            shared.registry as Address,
            encodeFunctionData({
              abi: iEligibilityRegistryAbi,
              functionName: "setPerson",
              args: [account, Number(tier), NETHERLANDS, (now ?? 0n) + YEAR],
            }),
          ),
          text: d.approved(words.eligibility.may[Number(tier) as 1 | 2 | 3]),
        })}
      >
        <Select
          label={words.eligibility.wanted}
          value={tier}
          onChange={setTier}
          options={([TIERS.holder, TIERS.borrower, TIERS.liquidator] as const).map((each) => ({
            value: String(each),
            label: words.eligibility.tiers[each],
          }))}
        />
      </NodeForm>
      <NodeForm
        heading={d.ether}
        submit={d.give}
        issue={amountIssue(wei)}
        act={async (chain) => {
          if (wei.ok) await giveEther(chain, account, wei.value);
          return { text: d.given(`${ether} ETH`) };
        }}
      >
        <AmountInput
          label={d.amount}
          text={ether}
          onChange={setEther}
          token={{ symbol: "ETH", decimals: 18 }}
        />
      </NodeForm>
      <NodeForm
        heading={d.dollars(usd.symbol)}
        about={d.dollarsAbout}
        submit={d.give}
        issue={payer === undefined ? d.noneUnlocked : amountIssue(minted)}
        act={async (chain) => {
          const amount = minted.ok ? minted.value : 0n;
          const hash = await sendUnlocked(
            chain,
            payer as Address,
            dollar.token as Address,
            encodeFunctionData({ abi: developmentDollarAbi, functionName: "mint", args: [account, amount] }),
          );
          return { hash, text: d.given(`${formatAmount(amount, usd.decimals)} ${usd.symbol}`) };
        }}
      >
        <AmountInput label={d.amount} text={dollars} onChange={setDollars} token={usd} />
      </NodeForm>
      <NodeForm
        heading={d.pusd}
        about={d.pusdAbout(usd.symbol)}
        submit={d.give}
        issue={payer === undefined ? d.noneUnlocked : amountIssue(swapped)}
        act={async (chain) => {
          const amount = swapped.ok ? swapped.value : 0n;
          const from = payer as Address;
          const peg = shared.peg as Address;
          const token = dollar.token as Address;
          const mint = encodeFunctionData({
            abi: developmentDollarAbi,
            functionName: "mint",
            args: [from, amount],
          });
          const approve = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [peg, amount] });
          const swap = encodeFunctionData({
            abi: iPegModuleAbi,
            functionName: "swapIn",
            args: [amount, 0n, account],
          });
          await sendUnlocked(chain, from, token, mint);
          await sendUnlocked(chain, from, token, approve);
          const hash = await sendUnlocked(chain, from, peg, swap);
          return { hash, text: d.swapped(`${formatAmount(amount, usd.decimals)} ${usd.symbol}`) };
        }}
      >
        <AmountInput label={d.dollarsFor} text={pusd} onChange={setPusd} token={usd} />
      </NodeForm>
      {market !== undefined && (
        <NodeForm
          heading={d.tokens}
          about={d.tokensAbout}
          submit={d.give}
          issue={
            agent === undefined
              ? d.notUnlocked(issuer.roles.agent)
              : !mayHold
                ? d.notEligible
                : amountIssue(tokensWanted)
          }
          act={async (chain) => {
            const { collateral } = market;
            const amount = tokensWanted.ok ? tokensWanted.value : 0n;
            const hash = await sendUnlocked(
              chain,
              agent as Address,
              collateral.address,
              encodeFunctionData({ abi: iRwaTokenAbi, functionName: "mint", args: [account, amount] }),
            );
            return {
              hash,
              text: d.given(`${formatAmount(amount, collateral.decimals)} ${collateral.symbol}`),
            };
          }}
        >
          <Select
            label={issuer.asset}
            value={market.record.key}
            onChange={setKey}
            options={markets.map(({ record, collateral }) => ({
              value: record.key,
              label: `${record.title} (${collateral.symbol})`,
            }))}
          />
          <AmountInput label={d.amount} text={units} onChange={setUnits} token={market.collateral} />
        </NodeForm>
      )}
    </div>
  );
}
