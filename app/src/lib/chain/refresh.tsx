"use client";
// Reads the chain again when a block came, at most once in a while: what a fast chain is asked does not grow with its
// blocks. Only what is on the screen is read.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useHead } from "./head.ts";
import { CHAIN } from "./keys.ts";

/** Milliseconds between two refreshes. */
const PAUSE = 2_500;

export function RefreshOnBlocks() {
  const queries = useQueryClient();
  const hash = useHead().data?.hash;
  const last = useRef(0);
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
