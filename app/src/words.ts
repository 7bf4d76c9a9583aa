// All words of the interface, in one place: a section per page, feature and part. Plain calm sentences; what goes into a
// sentence comes in as text that has its unit already.

export const words = {
  name: "Polder",
  tagline: "Stablecoin lending against real-world assets",

  shell: {
    skip: "Skip to content",
    menu: "Menu",
    navigation: "Pages",
    theme: "Theme",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    footer: "Not audited. On a development chain the issuers, documents and dollars are fictional.",
    source: "Source of",
    more: "More",
    close: "Close",
  },

  pages: {
    overview: "Overview",
    markets: "Markets",
    portfolio: "Portfolio",
    stablecoin: "Stablecoin",
    assets: "Assets",
    liquidations: "Liquidations",
    governance: "Governance",
    blocks: "Blocks",
    issuer: "Issuer desk",
    development: "Development",
    gallery: "Parts",
  },

  network: {
    development: "Polder devchain",
    named: (chainId: number) => `Chain ${chainId}`,
  },

  status: {
    label: "Chain status",
    block: (number: string) => `Block ${number}`,
    connecting: "Asking the chain …",
    silent: "The chain does not answer",
    indexChecking: "Asking the index …",
    indexAtHead: "Index up to date",
    indexLag: (blocks: string) => `Index ${blocks} blocks behind`,
    indexDown: "Index down",
  },

  banners: {
    chainSilent: (url: string) =>
      `The chain at ${url} does not answer. What you see was read before; nothing can be sent until it is back.`,
    chainSilentHint: (origin: string) =>
      `Is it running, and does it let this page in? A Polder chain is told with --allow-origin ${origin}.`,
    restarted:
      "The chain began anew since the protocol was deployed: addresses and balances of before no longer exist. Deploy again, then reload this page.",
    indexDown:
      "The index does not answer. Figures are read from the chain; histories are missing until it is back.",
    indexBehind: (blocks: string) =>
      `The index is ${blocks} blocks behind the chain: histories lack the newest events.`,
    wrongNetwork: (wallet: string, wanted: string) =>
      `Your wallet is on ${wallet}, this page shows ${wanted}.`,
    switchNetwork: "Switch the wallet",
    walletElsewhere:
      "Your wallet asks another chain of the same id: its first block differs. Point it at this chain's RPC URL, and clear its activity.",
    rpcUrl: (url: string) => `RPC URL ${url}`,
  },

  missing: {
    title: "Nothing is deployed on this chain yet",
    advice: "The app reads addresses from the record of a deployment, and found none for this chain.",
    chain: (chainId: number, url: string) => `Chain ${chainId} at ${url}.`,
    steps: [
      { text: "Deploy the protocol with its markets:", command: "npm run deploy -- --hand-over" },
      { text: "Or bring up everything at once:", command: "npm start" },
    ],
    reload: "Then reload this page.",
  },

  notFound: {
    title: "There is no such page",
    advice: "The address may be mistyped, or the market is not in the record of this deployment.",
    home: "To the overview",
  },

  wallet: {
    connect: "Connect wallet",
    title: "Connect a wallet",
    description: "The wallet signs; this page never sees a key.",
    connected: "Your wallet",
    account: "Account",
    disconnect: "Disconnect",
    change: "Use another account",
    injected: "Wallets in this browser",
    noInjected: "No wallet announced itself in this browser.",
    walletConnect: "Wallets on another device",
    development: "Development wallet",
    developmentAbout:
      "Accounts that the node has unlocked. Everybody can sign with them: never on a real network.",
    index: (index: number) => `Account ${index}`,
    roles: {
      deployer: "deployer, holds nothing after the hand-over",
      guardian: "guardian, may pause and cut",
      registrar: "registrar, decides who is eligible",
      agent: "issuer's agent: mints, freezes, publishes",
      voter: "voter, holds PLDR",
      servicer: "servicer, redeems collateral in default",
      keeper: "keeper, liquidates",
      free: "free: nobody yet",
    },
    failed: "The wallet did not connect.",
  },

  transactions: {
    title: "Transactions",
    none: "Nothing was sent from this browser yet.",
    open: "Open transaction",
    clear: "Clear the list",
    approveInstead: "Approve in a transaction of its own, instead of signing a permit",
    pending: (count: number) => `${count} pending`,
    status: {
      pending: "Pending",
      confirmed: "Confirmed",
      failed: "Failed",
      replaced: "Replaced",
      dropped: "Dropped",
    },
    toast: {
      pending: "Sent, waiting for a block",
      confirmed: (block: string) => `Confirmed in block ${block}`,
      failed: "Failed",
    },
    steps: {
      checking: "Checking with the contract …",
      permit: "Sign the permit in your wallet …",
      approve: "Confirm the approval in your wallet …",
      sign: "Confirm in your wallet …",
      pending: "Waiting for a block …",
      pendingApproval: "Waiting for the approval's block …",
    },
  },

  errors: {
    title: "This could not be read",
    page: "This page could not be shown",
    retry: "Try again",
    detail: "What exactly was said",
    kinds: {
      rejected: "You declined in your wallet. Nothing was sent.",
      reverted: "The contract refused.",
      unreachable: "The chain does not answer. Nothing is lost; try again once it is back.",
      wrongNetwork: "Your wallet is on another network.",
      notConnected: "Connect a wallet first.",
      dropped: "The network forgot this transaction before it came into a block. Send it again.",
      replaced: "Another transaction of the account took its place.",
      unknown: "It did not work.",
    },
    /** In place of a contract's own words, where a person on this page needs others. By the error's name. */
    custom: {} as Readonly<Record<string, string>>,
    amount: {
      empty: "Enter an amount.",
      notANumber: "Enter a number such as 1,250.50.",
      tooManyDecimals: (decimals: number) => `At most ${decimals} digits behind the point.`,
      zero: "Enter more than zero.",
    },
  },

  /* PARTS */

  figure: {
    open: (label: string) => `Where ${label} comes from`,
    block: "Read at block",
    time: "of",
    navDate: "NAV of",
    formula: "How it is computed",
    none: "–",
  },
  amount: { max: "Max", available: "Available" },
  address: { copy: "Copy address", copied: "Copied" },
  health: {
    label: "Health factor",
    none: "No debt",
    liquidatable: "Can be liquidated",
    near: "Close to liquidation",
    safe: "Safe",
    scale: "1.00 is where liquidation begins",
  },
  chart: { empty: "Nothing to draw yet.", table: "The same as a table", time: "Time", value: "Value" },
  stress: {
    label: "What if the NAV falls?",
    by: (percent: string) => `NAV ${percent} lower`,
    none: "NAV as it is",
  },
  strips: { lane: (lane: number) => `Lane ${lane}` },

  /* ACTIONS */

  supply: {
    heading: "Lend",
    title: (amount: string) => `Lend ${amount}`,
    label: "Amount to lend",
    rate: "Lending rate now",
    receive: "You receive about",
    shares: "shares",
    submit: "Lend",
    issues: {
      notConnected: "Connect a wallet first.",
      empty: "Enter an amount.",
      notANumber: "Enter a number such as 1,250.50.",
      tooManyDecimals: "That is more digits behind the point than the token has.",
      zero: "Enter more than zero.",
      exceedsBalance: "That is more than you have.",
      poolFull: "The pool takes no deposits now: its supply cap is reached, or it is closed.",
      exceedsCap: "That is more than the pool takes under its supply cap.",
    },
  },

  /* PAGES */

  overview: {
    title: "Overview",
    lead: (markets: number) =>
      `Lenders' dollars, lent against ${markets} kinds of real-world assets, each in a market of its own.`,
    lent: "lent",
    against: "against",
    assets: "of real-world assets",
    nothing: "Nothing is lent yet",
    nothingAdvice: "Markets are open; the first lender, or the first borrower, makes the first figure.",
    polder: "The polder, seen from above",
    polderAbout:
      "A row is a market, each of its 32 strips a lane of its storage. The fuller a strip, the more of the lane's room under the debt cap is lent. Users in different strips never wait for each other.",
    room: "of its room is lent",
    figures: {
      lent: "Lent",
      collateral: "Collateral",
      ratio: "Loan to value, all markets",
      lendable: "Ready to be borrowed",
      supply: "pUSD in circulation",
      backstop: "First-loss capital",
      surplus: "Surplus",
    },
    formulas: {
      lent: "Sum of all markets' total debt; pUSD and the dollar token count as one US dollar.",
      collateral: "Sum over markets of collateral times the NAV in force.",
      ratio: "Lent, divided by the collateral's value.",
      lendable:
        "Sum over markets of the free debt cap at the index, in pools at most the cash. None while the NAV is not fresh.",
      supply: "Total supply of pUSD, the sum of its lanes.",
      backstop: "Assets of the backstop that are not queued to leave.",
      surplus: "Balance of the protocol's own pUSD.",
    },
    marketsTitle: "Markets",
    all: "All markets",
  },

  markets: {
    title: "Markets",
    headline: (borrow: string, supply: string | undefined) =>
      supply === undefined ? `Borrow from ${borrow}` : `Borrow from ${borrow}, lend at up to ${supply}`,
    lead: "Each market lends against one asset. A fault in one does not reach another market's lenders.",
    columns: {
      market: "Market",
      borrow: "Borrow rate",
      supply: "Lending rate",
      available: "Can be borrowed",
      lent: "Lent",
      collateral: "Collateral",
      maxLtv: "Up to",
      nav: "NAV",
    },
    minted: "newly minted",
    noSupply: "No lenders: loans are minted",
    perYear: "a year",
    silent: (titles: string) => `No answer from: ${titles}.`,
    empty: "No market is recorded.",
    emptyAdvice: "The record of this deployment names none.",
  },

  market: {
    borrowRate: "Borrow rate",
    supplyRate: "Lending rate",
    available: "Can be borrowed now",
    lent: "Lent",
    collateral: "Collateral",
    nav: "NAV",
    utilisation: "Utilisation",
    cap: "Debt cap",
    maxLtv: "Borrow up to",
    lltv: "Liquidated above",
    perYear: "a year",
    ofValue: "of the collateral's value",
    facility: "Loans are newly minted pUSD.",
    pool: (symbol: string) => `Loans come from lenders of ${symbol}.`,
    tabs: { overview: "State", terms: "Terms", documents: "Documents", risk: "Risk", lanes: "Lanes" },
    formulas: {
      borrowRate: "The variable rate since the last checkpoint, per year, compounded by the second.",
      supplyRate: "What lenders come to earn of the borrow rate as utilisation stands, after the reserve.",
      available:
        "Free debt cap times the index, in a pool at most its cash. Zero while the NAV is not fresh or new debt is paused.",
      lent: "What all positions owe, penalties left out, rounded down.",
      collateral: "Collateral in custody times the NAV in force.",
      utilisation: "Debt now, divided by what there is to lend.",
      nav: "The NAV in force for liquidations, as attested.",
      cap: "The cap on scaled debt, times the index.",
    },
    navTitle: "Net asset value",
    navAxis: (symbol: string) => `US dollars per ${symbol}`,
    navEmpty: "No NAV was reported yet. Nothing can be borrowed before the first report.",
    status: {
      fresh: "NAV fresh",
      stale: "NAV stale: no new debt",
      expired: "NAV expired: no liquidations either",
      ripcord: "Feed stopped by its attestors",
      missing: "No NAV yet",
    },
    pendingNav: (nav: string) => `A lower NAV of ${nav} is pending: it governs new debt already.`,
    paused: "New debt is paused. Repaying goes on.",
    lossNotCovered: "A loss is not covered yet: no new debt until it is.",
    collateralPaused: "The issuer paused the collateral token: nothing is added, removed or liquidated.",
    documents: {
      open: "Read",
      hash: "Published hash",
      none: "No document is recorded.",
      name: "Document",
    },
    terms: {
      variable: "Variable rate",
      fixed: "Fixed rate",
      id: "Terms",
      kind: "Kind",
      document: "Disclosed in",
      own: "The market's own rate",
    },
    risk: {
      parameter: "Parameter",
      value: "Value",
      targetHealth: "A liquidation restores a health of",
      bonus: "Liquidation bonus",
      minDebt: "Smallest loan",
      coolOff: "Not liquidated after a passed health check for",
      saleWindow: "Sale to preferred buyers",
      auction: "Dutch auction after it",
      noAuction: "none: liquidated at a discount",
    },
    lanesAbout:
      "The market keeps its books in 32 strips of storage. Who borrows writes his own strip alone, so that users in different strips never wait for each other. A strip is as full as its part of the debt cap is used.",
    laneDebt: "of the lane's room is lent",
  },

  gallery: {
    title: "Parts",
    lead: "Every part of the interface in all its states. Values here are samples.",
  },
} as const;
