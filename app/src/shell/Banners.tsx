"use client";
// What the reader must know before he believes or sends anything: the chain is silent or another, the index is down or
// behind, the wallet is elsewhere.
import { useEffect, useState } from "react";
import { useConnection, useSwitchChain } from "wagmi";
import { useHead, useRestarted, useSilent } from "../lib/chain/head.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import { useIndexHealth } from "../lib/index/useIndex.ts";
import { useSettings } from "../lib/settings.tsx";
import { useWalletElsewhere } from "../lib/wallet/genesis.ts";
import { Banner } from "../parts/Banner.tsx";
import { Button } from "../parts/Button.tsx";
import { words } from "../words.ts";

/** Blocks that the index may be behind without a word: it follows by polling. */
const PATIENCE = 10n;

export function Banners() {
  const { rpcUrl, record } = useSettings();
  const silent = useSilent();
  const head = useHead().data;
  const restarted = useRestarted();
  const index = useIndexHealth();
  const [origin, setOrigin] = useState("");
  useEffect(() => setOrigin(location.origin), []);
  const { banners } = words;
  return (
    <>
      {silent && (
        <Banner tone="risk">
          {banners.chainSilent(
            rpcUrl,
            head && { block: formatCount(head.number), time: formatTime(head.timestamp) },
          )}{" "}
          <span className="text-muted">{banners.chainSilentHint(origin)}</span>
        </Banner>
      )}
      {!silent && restarted && <Banner tone="risk">{banners.restarted}</Banner>}
      {!silent && <WalletBanner />}
      {!silent && record !== undefined && index.state === "down" && <Banner>{banners.indexDown}</Banner>}
      {index.state === "up" && index.lag !== undefined && index.lag > PATIENCE && (
        <Banner>{banners.indexBehind(formatCount(index.lag))}</Banner>
      )}
    </>
  );
}

function WalletBanner() {
  const { chainId, rpcUrl } = useSettings();
  const { chainId: walletChain, isConnected } = useConnection();
  const { mutate: switchChain, isPending, isError: notSwitched } = useSwitchChain();
  const elsewhere = useWalletElsewhere();
  if (!isConnected) return null;
  const { banners, network } = words;
  if (walletChain !== chainId) {
    return (
      <Banner
        tone="risk"
        action={
          // wagmi adds the network to the wallet where that does not know it.
          <Button small look="secondary" busy={isPending} onClick={() => switchChain({ chainId })}>
            {banners.switchNetwork}
          </Button>
        }
      >
        {banners.wrongNetwork(network.named(walletChain ?? 0), network.named(chainId))}
        {notSwitched && <span className="text-muted"> {banners.notSwitched(rpcUrl)}</span>}
      </Banner>
    );
  }
  if (elsewhere) {
    return (
      <Banner tone="risk">
        {banners.walletElsewhere} <span className="text-muted">{banners.rpcUrl(rpcUrl)}</span>
      </Banner>
    );
  }
  return null;
}
