// Who does what, by account of the development phrase and by the name under which a key of its own is given. Plain data.

/** Accounts of the phrase, by what they do. On a real network each would be another machine's key. */
export const ROLES = {
  deployer: 0,
  guardian: 1,
  registrar: 2,
  agent: 3,
  voters: [4, 5, 6],
  servicer: 7,
  /** Eight, so that their nonces don't serialise what they send. */
  keepers: Array.from({ length: 8 }, (_, i) => 10 + i),
  attestors: Array.from({ length: 5 }, (_, i) => 1_000 + i),
  firstBorrower: 100,
};

/** Variables, of the environment or of Hardhat's keystore, with private keys: several are separated by commas. */
export const KEY_VARIABLES = {
  deployer: "POLDER_DEPLOYER_KEY",
  guardian: "POLDER_GUARDIAN_KEY",
  registrar: "POLDER_REGISTRAR_KEY",
  agent: "POLDER_AGENT_KEY",
  servicer: "POLDER_SERVICER_KEY",
  keepers: "POLDER_KEEPER_KEYS",
  attestors: "POLDER_ATTESTOR_KEYS",
} as const satisfies Partial<Record<keyof typeof ROLES, string>>;

export type Role = keyof typeof KEY_VARIABLES;
