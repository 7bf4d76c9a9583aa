"use client";
// Reads the chain again when a block came, at most once in a while: what a fast chain is asked does not grow with its
// blocks. Only what is on the screen is read.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useHead, useSilent } from "./head.ts";
import { CHAIN } from "./keys.ts";

/** Milliseconds between two refreshes. */
const PAUSE = 2_500;

export function RefreshOnBlocks() {
  const queries = useQueryClient();
  const head = useHead().data;
  const silent = useSilent();
  const hash = silent ? undefined : head?.hash;
  const last = useRef(0);
  // Once the chain is back, what failed meanwhile is asked again, whether or not a block has come.
  useEffect(() => {
    if (!silent) void queries.invalidateQueries({ predicate: ({ state }) => state.status === "error" });
  }, [silent, queries]);
  useEffect(() => {
    if (hash === undefined) return;
    const wait = Math.max(0, last.current + PAUSE - performance.now());
    const timer = setTimeout(() => {
      last.current = performance.now();
      void queries.invalidateQueries({ queryKey: [CHAIN] }, { cancelRefetch: false });
    }, wait);
    return () => clearTimeout(timer);
  }, [hash, queries]);
  return null;
}
