// The command line of polder node: what it takes, and the words for what it does not.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { describeOptions, parseNodeOptions } from "../../../chain/src/cli/options.ts";
import { UsageError } from "../../../chain/src/cli/usage.ts";

const BIN = fileURLToPath(new URL("../../../chain/bin/polder.mjs", import.meta.url));

function refuses(args: string[], words: RegExp): void {
  assert.throws(
    () => parseNodeOptions(args),
    (error) => error instanceof UsageError && words.test(error.message),
    args.join(" "),
  );
}

describe("options", () => {
  it("has the defaults of Hardhat and anvil", () => {
    const options = parseNodeOptions([]);
    assert.deepEqual([options.host, options.port, options.allowedOrigins], ["127.0.0.1", 8545, []]);
    assert.deepEqual(options.chain.mining, { auto: true, interval: 0, order: "priority" });
    assert.equal("chainId" in options.chain, false, "the node's own default was hidden");
  });

  it("reads every option", () => {
    const { chain, ...options } = parseNodeOptions(
      (
        "--port 0 --host 0.0.0.0 --allow-origin http://localhost:3000/ --allow-origin https://a.example --allow-host chain " +
        "--workers 3 --gas-limit 30_000_000 --chain-id 0x7a69 --accounts 2 --balance 0.5 --timestamp 2026-01-01T00:00:00Z " +
        "--block-time 0.5 --hardfork Prague --order fifo --base-fee 0 --allow-unlimited-contract-size --log-format json --silent"
      ).split(" "),
    );
    assert.deepEqual(options, {
      port: 0,
      host: "0.0.0.0",
      allowedHosts: ["chain"],
      allowedOrigins: ["http://localhost:3000", "https://a.example"],
      silent: true,
      logFormat: "json",
    });
    assert.deepEqual(chain, {
      chainId: 31337n,
      hardfork: "prague",
      workers: 3,
      accounts: 2,
      accountBalance: 5n * 10n ** 17n,
      blockGasLimit: 30_000_000n,
      timestamp: 1_767_225_600n,
      initialBaseFeePerGas: 0n,
      mining: { auto: false, interval: 500, order: "fifo" },
      allowUnlimitedContractSize: true,
    });
    assert.deepEqual(parseNodeOptions(["--no-mining"]).chain.mining, {
      auto: false,
      interval: 0,
      order: "priority",
    });
    assert.equal(parseNodeOptions(["--block-gas-limit", "1000000"]).chain.blockGasLimit, 1_000_000n);
    assert.equal(parseNodeOptions(["-p", "1234"]).port, 1234);
  });

  it("says what a value should be", () => {
    refuses(["--port", "70000"], /--port should be a whole number from 0 to 65535, got "70000"/);
    refuses(["--workers", "0"], /--workers should be a whole number from 1/);
    refuses(["--workers", "two"], /--workers should be/);
    refuses(["--balance", "-1"], /balance/);
    refuses(["--balance", "ten"], /--balance should be an amount of ether/);
    refuses(["--hardfork", "london"], /--hardfork should be one of cancun, prague, osaka/);
    refuses(["--timestamp", "yesterday"], /--timestamp should be seconds since 1970/);
    refuses(["--block-time", "0"], /--block-time should be a number of seconds above 0/);
    refuses(["--mnemonic", "test junk"], /--mnemonic should be a BIP-39 phrase/);
    refuses(["--mnemonic", "test ".repeat(12)], /--mnemonic should be a BIP-39 phrase.*checksum/);
    refuses(["--allow-origin", "localhost"], /--allow-origin should be an origin/);
    refuses(["--port"], /--port.*--help/);
    refuses(["--prot", "1"], /Unknown option '--prot'.*--help/);
    refuses(["8545"], /8545 is not an option/);
    refuses(["--port", "1", "--port", "2"], /--port is given 2 times/);
    refuses(["--block-time", "1", "--no-mining"], /exclude each other/);
  });

  it("explains each in the help", () => {
    const help = describeOptions();
    for (const name of [
      "port",
      "host",
      "allow-origin",
      "workers",
      "block-gas-limit",
      "gas-limit",
      "chain-id",
      "accounts",
    ]) {
      assert.match(help, new RegExp(`--${name}\\b`));
    }
    for (const name of [
      "balance",
      "mnemonic",
      "timestamp",
      "block-time",
      "no-mining",
      "hardfork",
      "log-format",
      "silent",
    ]) {
      assert.match(help, new RegExp(`--${name}\\b`));
    }
  });
});

describe("the polder command", () => {
  const run = (...args: string[]) => spawnSync(process.execPath, [BIN, ...args], { encoding: "utf8" });

  it("prints version and help, and says what it does not know", () => {
    assert.match(run("--version").stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match(run("--help").stdout, /Usage: polder/);
    assert.match(run("node", "--help").stdout, /--allow-origin/);
    const wrong = run("nod");
    assert.deepEqual(
      [wrong.status, wrong.stderr],
      [2, "polder: there is no command nod; polder --help lists them\n"],
    );
    const option = run("node", "--port", "x");
    assert.equal(option.status, 2);
    assert.equal(option.stderr.trim().split("\n").length, 1);
  });
});
