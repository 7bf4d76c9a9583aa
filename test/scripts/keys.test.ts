// Which keys scripts sign with, and which they refuse, on a chain that is not for development.
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import { Wallet } from "ethers";
import { connect, connectBy } from "../../scripts/lib/connection.ts";
import { KEY_VARIABLES } from "../../scripts/lib/roles.ts";
import { type Devchain, startDevchain } from "../run/devchain.ts";

const JUNK = "test test test test test test test test test test test junk";
/** Of the phrase's first account: known to everybody. */
const KNOWN = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
const OWN = "legal winner thank year wave sausage worth useful legal winner thank yellow";

describe("keys", () => {
  let development: Devchain;
  let other: Devchain;

  before(async () => {
    [development, other] = await Promise.all([startDevchain(), startDevchain(["--chain-id", "4242"])]);
  });

  afterEach(() => {
    for (const name of ["POLDER_MNEMONIC", ...Object.values(KEY_VARIABLES)]) delete process.env[name];
  });

  after(async () => {
    await Promise.all([development?.stop(), other?.stop()]);
  });

  async function signers(chain: Devchain, role: keyof typeof KEY_VARIABLES) {
    const connection = await connect(chain.url);
    try {
      return (await connection.signers(role)).map(({ address }) => address);
    } finally {
      connection.provider.destroy();
    }
  }

  it("are the development phrase's on the development chain alone", async () => {
    assert.equal((await signers(development, "keepers")).length, 8);
    await assert.rejects(
      signers(other, "keepers"),
      /no key for keepers on chain 4242: set POLDER_KEEPER_KEYS/,
    );
    process.env.POLDER_MNEMONIC = ` ${JUNK} `;
    await assert.rejects(signers(other, "keepers"), /anybody knows the keys of the development phrase/);
  });

  it("of that phrase are refused elsewhere also where they come singly", async () => {
    process.env.POLDER_DEPLOYER_KEY = KNOWN;
    assert.deepEqual(await signers(development, "deployer"), [new Wallet(KNOWN).address]);
    await assert.rejects(
      signers(other, "deployer"),
      /is an account of the development phrase.*on chain 4242 it is refused/,
    );
    // As an attestor's, which no node unlocks, and among others.
    const connection = await connect(development.url);
    const attestor = connection.wallet(1_003).privateKey;
    connection.provider.destroy();
    process.env.POLDER_ATTESTOR_KEYS = `${Wallet.createRandom().privateKey}, ${attestor.slice(2)}`;
    await assert.rejects(signers(other, "attestors"), /is an account of the development phrase/);
  });

  it("of one's own are taken, a role's before the phrase's, and never printed", async () => {
    process.env.POLDER_MNEMONIC = OWN;
    assert.equal((await signers(other, "attestors")).length, 5);
    const mine = Wallet.createRandom();
    process.env.POLDER_ATTESTOR_KEYS = mine.privateKey;
    assert.deepEqual(await signers(other, "attestors"), [mine.address]);
    process.env.POLDER_ATTESTOR_KEYS = `${mine.privateKey}00`;
    await assert.rejects(signers(other, "attestors"), (error: Error) => {
      assert.match(error.message, /POLDER_ATTESTOR_KEYS holds something that is no private key/);
      return !error.message.includes(mine.privateKey.slice(2, 12));
    });
  });

  it("go with a network of Hardhat's configuration, which is another chain than it says or is none", async () => {
    process.env.SEI_TESTNET_RPC_URL = other.url;
    try {
      await assert.rejects(
        connectBy({ network: "seiTestnet" }),
        /is chain 1328 in hardhat.config.ts, but .* is chain 4242/,
      );
    } finally {
      delete process.env.SEI_TESTNET_RPC_URL;
    }
    await assert.rejects(
      connectBy({ network: "nowhere" }),
      /no HTTP network "nowhere".*devchain, .*monadTestnet/,
    );
    await assert.rejects(connectBy({ network: "devchain", "rpc-url": other.url }), /exclude each other/);
  });
});
