"use client";
// What the issuer's agent does with an asset's token: mint, recover a wallet, publish a document.
import { iRwaTokenAbi } from "@polder/contracts";
import { useState } from "react";
import { type Address, type Hash, stringToHex } from "viem";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { formatAmount, parseAmount } from "../../lib/format.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { HashInput } from "../../parts/HashInput.tsx";
import { TextInput } from "../../parts/TextInput.tsx";
import { words } from "../../words.ts";
import { ActForm } from "../ActForm.tsx";
import { addressIssue, amountIssue, documentNameIssue } from "./logic.ts";

type Props = { market: Market; barred: string | undefined };

export function MintForm({ market: { collateral }, barred }: Props) {
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const { issuer: i } = words;
  const amount = parseAmount(text, collateral.decimals);
  const wrongTo = addressIssue(to);
  const wrongAmount = amountIssue(amount);
  const wrong = wrongTo ?? wrongAmount;
  return (
    <ActForm
      label={i.mintHeading}
      submit={i.mint}
      issue={barred ?? (wrong && i.issues[wrong])}
      quiet={barred === undefined && to === "" && text === ""}
      onDone={() => setText("")}
      request={() =>
        amount.ok
          ? {
              title: i.mintTitle(`${formatAmount(amount.value, collateral.decimals)} ${collateral.symbol}`),
              call: {
                address: collateral.address,
                abi: iRwaTokenAbi,
                functionName: "mint",
                args: [to.trim() as Address, amount.value],
              },
              invalidates: [keys.portfolio(to.trim() as Address), keys.asset(collateral.address)],
            }
          : undefined
      }
    >
      <h2 className="text-lead font-semibold">{i.mintHeading}</h2>
      <TextInput
        mono
        label={i.receiver}
        value={to}
        onChange={setTo}
        hint={i.receiverHint}
        issue={to === "" ? undefined : wrongTo && i.issues[wrongTo]}
      />
      <AmountInput
        label={i.amount}
        text={text}
        onChange={setText}
        token={collateral}
        issue={text === "" ? undefined : wrongAmount && i.issues[wrongAmount]}
      />
    </ActForm>
  );
}

export function RecoverForm({ market: { collateral }, barred }: Props) {
  const [lost, setLost] = useState("");
  const [fresh, setFresh] = useState("");
  const { issuer: i } = words;
  const wrongLost = addressIssue(lost);
  const wrongFresh = addressIssue(fresh, lost);
  const wrong = wrongLost ?? wrongFresh;
  return (
    <ActForm
      label={i.recoverHeading}
      submit={i.recover}
      look="secondary"
      issue={barred ?? (wrong && i.issues[wrong])}
      quiet={barred === undefined && lost === "" && fresh === ""}
      onDone={() => {
        setLost("");
        setFresh("");
      }}
      request={() => ({
        title: i.recoverTitle(collateral.symbol),
        call: {
          address: collateral.address,
          abi: iRwaTokenAbi,
          functionName: "recoverWallet",
          args: [lost.trim() as Address, fresh.trim() as Address],
        },
        invalidates: [keys.portfolio(lost.trim() as Address), keys.portfolio(fresh.trim() as Address)],
      })}
    >
      <h2 className="text-lead font-semibold">{i.recoverHeading}</h2>
      <p className="text-small text-muted">{i.recoverAbout}</p>
      <TextInput
        mono
        label={i.lostWallet}
        value={lost}
        onChange={setLost}
        issue={lost === "" ? undefined : wrongLost && i.issues[wrongLost]}
      />
      <TextInput
        mono
        label={i.newWallet}
        value={fresh}
        onChange={setFresh}
        issue={fresh === "" ? undefined : wrongFresh && i.issues[wrongFresh]}
      />
    </ActForm>
  );
}

export function DocumentForm({ market: { collateral, record }, barred }: Props) {
  const [name, setName] = useState("");
  const [hash, setHash] = useState<Hash | undefined>();
  const { issuer: i } = words;
  const wrongName = documentNameIssue(name);
  const wrong = wrongName ?? (hash === undefined ? "hashMissing" : undefined);
  return (
    <ActForm
      label={i.documentHeading}
      submit={i.publish}
      look="secondary"
      issue={barred ?? (wrong && i.issues[wrong])}
      quiet={barred === undefined && name === ""}
      request={() =>
        hash === undefined
          ? undefined
          : {
              title: i.documentTitle(name.trim(), collateral.symbol),
              call: {
                address: collateral.address,
                abi: iRwaTokenAbi,
                functionName: "setDocument",
                args: [
                  stringToHex(name.trim(), { size: 32 }),
                  `documents/${record.key}/${name.trim()}.md`,
                  hash,
                ],
              },
              invalidates: [keys.documents(collateral.address)],
            }
      }
    >
      <h2 className="text-lead font-semibold">{i.documentHeading}</h2>
      <p className="text-small text-muted">{i.documentAbout}</p>
      <TextInput
        label={i.documentName}
        value={name}
        onChange={setName}
        placeholder="valuation"
        issue={name === "" ? undefined : wrongName && i.issues[wrongName]}
      />
      <HashInput label={i.documentFile} hash={hash} onChange={setHash} />
    </ActForm>
  );
}
