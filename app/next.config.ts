// How Next builds and serves the app. One build serves every network: nothing here may depend on one.
import { join } from "node:path";
import type { NextConfig } from "next";

export default {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // The contracts' ABIs and model are raw TypeScript of this repository.
  transpilePackages: ["@polder/chain", "@polder/contracts"],
  // Types are checked by `tsc --project app`: Next knows no TypeScript 7.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: join(import.meta.dirname, "..") },
} satisfies NextConfig;
