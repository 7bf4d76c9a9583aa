// All words of the interface, in one place: a section per page, feature and part. Plain calm sentences; what goes into a
// sentence comes in as text that has its unit already.

/** What is wrong with an amount as typed. */
const TYPED_ISSUES = {
  empty: "Enter an amount.",
  notANumber: "Enter a number such as 1,250.50.",
  tooManyDecimals: "That is more digits behind the point than the token has.",
  zero: "Enter more than zero.",
};

/** Why an account's identity does not allow something. */
const STANDING_ISSUES = {
  notOnRecord:
    "Borrowing and holding these tokens is for people on record: apply for an identity first, it costs nothing.",
  frozen: "The registrar froze this account: it can neither send nor receive these tokens. Repaying goes on.",
  expired: "The identity of this account has expired: apply again to renew it.",
  notBorrower: "The identity of this account does not allow borrowing: apply for the borrower's tier.",
};

type LoanFigures = {
  /** All with their units. */
  most: string;
  minimum: string;
  free: string;
  cash: string;
  rate: string;
  variable: string;
  /** The collateral's symbol. */
  collateral: string;
};

type CollateralFigures = { most: string; symbol: string };

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
    permitEffect: "With a permit: one signature, which costs nothing, and one transaction.",
    approveEffect: "With an approval: two transactions, both of which pay for gas.",
    pending: (count: number) => `${count} pending`,
    part: ({ number, of, title }: { number: number; of: number; title: string }) =>
      `Step ${number} of ${of}: ${title}`,
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

  loan: {
    terms: "Terms",
    variable: "Variable rate",
    own: "The market's own rate",
    fixedUntil: (date: string) => `Fixed rate until ${date}`,
    ratePerYear: (rate: string) => `${rate} a year`,
    fixedClosed: (date: string) =>
      `Loans at a fixed rate are not offered now: the last terms closed on ${date}.`,
    openUntil: (date: string) => `New loans under these terms until ${date}.`,
    maturity: "Due",
    grace: "Grace after that",
    penalty: "Penalty once overdue",
    onTop: (rate: string) => `${rate} a year on top`,
    owedAtMaturity: "Owed when due",
    fixedAbout:
      "Simple interest at the same rate to the end. Past the grace period it can be liquidated at any health.",
    variableAbout: "No date when it is due. The rate is set anew at each checkpoint.",
    accepts: "By borrowing you accept the",
    disclosed: "Disclosed in the",
    documentOf: (name: string) => name,
    held: "You hold",
    debt: "Debt",
    liquidationNav: "Liquidated below a NAV of",
    below: (share: string) => `${share} below today's`,
    reached: "reached already",
    ltv: "Loan to value",
    ltvLimits: (max: string, lltv: string) => `up to ${max}, liquidated above ${lltv}`,
    stressed: (nav: string, health: string, atRisk: boolean) =>
      atRisk
        ? `At a NAV of ${nav} the health factor is ${health}: it can be liquidated.`
        : `At a NAV of ${nav} the health factor is ${health}: it stays safe.`,
    rate: "Variable rate, a year",
    rateAhead: (rate: string, use: string) =>
      `About ${rate} from the next checkpoint on, if ${use} of what can be lent stays lent. It can move to either end.`,
    toEligibility: "To eligibility",
    formulas: {
      liquidationNav:
        "The least NAV at which collateral times NAV times the liquidation loan-to-value covers the debt, rounded up. The debt grows with interest, and this with it.",
    },
  },

  borrow: {
    title: (amount: string) => `Borrow ${amount}`,
    label: "Amount to borrow",
    addLabel: "Collateral to add first",
    most: "Most that is possible",
    suggested: "Suggested, for a health factor of 1.50 or more. Change it as you like.",
    pendingNav: "A lower NAV is pending. New debt is measured by it already, liquidations are not yet.",
    steps: "In up to three transactions: the approval of the collateral, adding it, the loan.",
    submit: "Borrow",
    submitBoth: "Add collateral and borrow",
    issues: {
      notConnected: () => "Connect a wallet first.",
      notOnRecord: () => STANDING_ISSUES.notOnRecord,
      frozen: () => STANDING_ISSUES.frozen,
      expired: () => STANDING_ISSUES.expired,
      notBorrower: () => STANDING_ISSUES.notBorrower,
      newDebtPaused: () => "New debt is paused in this market. Repaying goes on.",
      lossNotCovered: () => "A loss of this market is not covered yet: no new debt until it is.",
      navMissing: () => "No NAV was reported yet: nothing can be borrowed before the first report.",
      navStale: () => "The NAV is too old to borrow against. It is possible again with the next report.",
      termsNotOpen: () => "These terms take no new debt any more: choose others.",
      belowVariableRate: ({ rate, variable }: LoanFigures) =>
        `The variable rate of ${variable} has come too close to this fixed rate of ${rate}: no new debt under these terms until it falls.`,
      capReached: () =>
        "The debt cap is reached: nothing can be borrowed until others repay or the cap is raised.",
      noLiquidity: () => "The pool has no cash to lend now. It comes with lenders, and as loans are repaid.",
      empty: () => TYPED_ISSUES.empty,
      notANumber: () => TYPED_ISSUES.notANumber,
      tooManyDecimals: () => TYPED_ISSUES.tooManyDecimals,
      zero: () => TYPED_ISSUES.zero,
      addedNotANumber: () => TYPED_ISSUES.notANumber,
      addedTooManyDecimals: () => TYPED_ISSUES.tooManyDecimals,
      addedExceedsBalance: ({ collateral }: LoanFigures) => `That is more ${collateral} than you have.`,
      collateralPaused: () => "The issuer paused the collateral token: nothing can be added now.",
      noCollateral: ({ collateral }: LoanFigures) =>
        `A loan needs collateral, and you hold no ${collateral}. Its issuer hands it out.`,
      exceedsMaxLtv: ({ most }: LoanFigures) =>
        `That is more than the collateral allows. Most that is possible: ${most}.`,
      exceedsMaxLtvByPendingNav: ({ most }: LoanFigures) =>
        `That is more than the collateral allows at the lower NAV that is pending. Most that is possible: ${most}.`,
      belowMinimum: ({ minimum }: LoanFigures) => `The smallest loan here is ${minimum}.`,
      exceedsCap: ({ free }: LoanFigures) => `The debt cap leaves ${free}.`,
      tooLittleLiquidity: ({ cash }: LoanFigures) =>
        `The pool has ${cash} of cash. More comes back as loans are repaid.`,
    },
  },

  repay: {
    title: (amount: string) => `Repay ${amount}`,
    titleAll: (symbol: string) => `Repay all ${symbol}`,
    label: "Amount to repay",
    all: "All that is owed",
    most: "Most that you can repay",
    allAbout: "All of it, with the interest until it is in a block. Nothing is left.",
    owes: (amount: string) => `owes ${amount}`,
    submit: "Repay",
    submitAll: "Repay all",
    leavesDust: (minimum: string) =>
      `Leaves less than the smallest loan of ${minimum}. That is allowed; a liquidation would take all of it at once.`,
    issues: {
      noDebt: () => "You owe nothing here.",
      noBalance: (symbol: string) => `You hold no ${symbol} to repay with.`,
      empty: () => TYPED_ISSUES.empty,
      notANumber: () => TYPED_ISSUES.notANumber,
      tooManyDecimals: () => TYPED_ISSUES.tooManyDecimals,
      zero: () => TYPED_ISSUES.zero,
      exceedsDebt: () => "That is more than you owe. Max repays all of it.",
      exceedsBalance: (symbol: string) => `That is more ${symbol} than you have.`,
    },
  },

  collateral: {
    way: "Add or remove",
    add: "Add",
    remove: "Remove",
    addTitle: (amount: string) => `Add ${amount}`,
    removeTitle: (amount: string) => `Remove ${amount}`,
    addLabel: "Collateral to add",
    removeLabel: "Collateral to remove",
    removable: "Can be removed",
    addSubmit: "Add collateral",
    removeSubmit: "Remove collateral",
    holds: (amount: string) => `holds ${amount}`,
    approvalAbout: "An approval of exactly this amount comes first, where one is missing.",
    issues: {
      notOnRecord: () => STANDING_ISSUES.notOnRecord,
      frozen: () => STANDING_ISSUES.frozen,
      expired: () => STANDING_ISSUES.expired,
      notBorrower: () => STANDING_ISSUES.notBorrower,
      collateralPaused: () => "The issuer paused the collateral token: nothing is added or removed now.",
      noBalance: ({ symbol }: CollateralFigures) => `You hold no ${symbol}. Its issuer hands it out.`,
      noCollateral: () => "There is no collateral of yours under these terms.",
      overdue: () => "This loan is overdue: its collateral is released once all is repaid.",
      navNotFresh: () => "The NAV is too old: with debt left, collateral is released with the next report.",
      empty: () => TYPED_ISSUES.empty,
      notANumber: () => TYPED_ISSUES.notANumber,
      tooManyDecimals: () => TYPED_ISSUES.tooManyDecimals,
      zero: () => TYPED_ISSUES.zero,
      exceedsBalance: ({ symbol }: CollateralFigures) => `That is more ${symbol} than you have.`,
      exceedsCollateral: () => "That is more than the position holds.",
      exceedsMaxLtv: ({ most }: CollateralFigures) =>
        `The debt needs the rest. Most that can be removed: ${most}; all of it once the debt is repaid.`,
    },
  },

  withdraw: {
    most: "Can be withdrawn",
    shares: "Your shares",
    worth: "What they bring now",
    allAbout: "All shares are redeemed, with what they have earned until it is in a block.",
    pool: {
      label: "Amount to withdraw",
      submit: "Withdraw",
      title: (amount: string) => `Withdraw ${amount}`,
    },
    issues: {
      nothingHeld: () => "You have nothing here.",
      noLiquidity: () => "There is no cash now: all of it is lent. It comes back as loans are repaid.",
      empty: () => TYPED_ISSUES.empty,
      notANumber: () => TYPED_ISSUES.notANumber,
      tooManyDecimals: () => TYPED_ISSUES.tooManyDecimals,
      zero: () => TYPED_ISSUES.zero,
      exceedsHeld: () => "That is more than your shares bring.",
      exceedsCash: (cash: string) => `There is cash for ${cash} now. More comes back as loans are repaid.`,
    },
  },

  consent: {
    heading: "Let liquidators act sooner",
    about:
      "A position is liquidated once it is unhealthy. You can allow it sooner, for a bonus of your choosing: whoever sees it first sells as much as restores it, and you avoid the larger bonus and the sale of all.",
    ltv: "From a loan-to-value of",
    bonus: "For a bonus of",
    from: "Can be liquidated below a NAV of",
    title: (ltv: string) => `Allow liquidation from ${ltv} on`,
    revokeTitle: "Take consent back",
    submit: "Allow",
    change: "Change",
    revoke: "Take it back",
    issues: {
      empty: () => "Enter both.",
      notANumber: () => "Enter a percentage such as 75 or 2.5.",
      zero: () => "Enter more than zero.",
      aboveLltv: (lltv: string) => `From ${lltv} on it is liquidated anyway: enter less.`,
      bonusTooHigh: () => "The collateral could not pay such a bonus: enter less.",
    },
  },

  swap: {
    way: "Direction",
    in: (dollar: string) => `${dollar} to pUSD`,
    out: (dollar: string) => `pUSD to ${dollar}`,
    inTitle: (amount: string) => `Swap in ${amount}`,
    outTitle: (amount: string) => `Swap out ${amount}`,
    label: "Amount to swap",
    receive: "You receive",
    fee: "Fee",
    price: "Price of the dollar token",
    submit: "Swap",
    approvalAbout: "An approval of exactly this amount comes first, where one is missing.",
    issues: {
      stopped: () => "Taking dollars is stopped. pUSD is still redeemed.",
      feedStale: () =>
        "The dollar's price is too old: none is taken until the feed speaks again. pUSD is still redeemed.",
      feedOutOfBounds: () =>
        "The dollar token is too far from one dollar: none is taken until it is back. pUSD is still redeemed.",
      ceilingReached: () =>
        "The reserve has reached its ceiling: no dollars are taken until some are redeemed.",
      windowUsed: () => "What may flow in is used up for now; it opens again with the next window.",
      noBalance: (figure: string) => `You hold no ${figure}.`,
      empty: () => TYPED_ISSUES.empty,
      notANumber: () => TYPED_ISSUES.notANumber,
      tooManyDecimals: () => TYPED_ISSUES.tooManyDecimals,
      zero: () => TYPED_ISSUES.zero,
      exceedsBalance: () => "That is more than you have.",
      exceedsCeiling: (figure: string) => `The reserve may still grow by ${figure}.`,
      exceedsWindow: (figure: string) => `In this window ${figure} may still flow in.`,
      tooSmall: () => "That is too little to be paid out.",
      exceedsReserve: (figure: string) => `The reserve has ${figure}. The rest of pUSD is backed by loans.`,
    },
  },

  vaults: {
    savings: {
      deposit: {
        label: "Amount to save",
        submit: "Save",
        title: (amount: string) => `Save ${amount}`,
        shares: "sPUSD",
        poolFull: "Savings take no more now: the cap on shares is reached until the next payment.",
        exceedsCap: "That is more than savings take until the next payment.",
      },
      withdraw: {
        label: "Amount to redeem",
        submit: "Redeem",
        title: (amount: string) => `Redeem ${amount}`,
      },
    },
    backstop: {
      deposit: {
        label: "Amount to put behind the loans",
        submit: "Deposit",
        title: (amount: string) => `Put ${amount} into the backstop`,
        shares: "bpUSD",
        poolFull: "The backstop takes nothing now: all of its capital was lost.",
        exceedsCap: "That is more than the backstop takes.",
      },
      queue: {
        label: "Shares to queue",
        submit: "Queue to leave",
        title: (shares: string) => `Queue ${shares} bpUSD to leave`,
        worth: "Worth now",
        when: (from: string, until: string) =>
          `Can be claimed from ${from} until ${until}. Until then it bears losses.`,
        refused:
          "The caps need this capital now: nobody can queue to leave until caps are cut or capital is added.",
        again: "What is queued already starts over with it.",
        issues: {
          nothingHeld: "You hold no shares that could be queued.",
          empty: "Enter how many shares.",
          notANumber: "Enter a number such as 1,250.50.",
          tooManyDecimals: "That is more digits behind the point than a share has.",
          zero: "Enter more than zero.",
          exceedsHeld: "That is more than you hold.",
        },
      },
      queued: (shares: string, worth: string) => `${shares} bpUSD queue to leave, worth ${worth} pUSD now`,
      claimableFrom: "Can be claimed from",
      claimableUntil: "until",
      missed: "The window to claim has closed: queue again, or stay.",
      claim: "Claim",
      claimTitle: (shares: string) => `Claim ${shares} bpUSD`,
      cancel: "Stay",
      cancelTitle: "Leave the backstop's queue",
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
    actions: {
      title: "Actions",
      borrow: "Borrow",
      repay: "Repay",
      collateral: "Collateral",
      lend: "Lend",
      withdraw: "Withdraw",
    },
    charts: {
      rate: "Borrow rate",
      rateAxis: "percent a year",
      debt: "Lent",
      empty: (rate: string) => `No checkpoint was written yet: the rate is the first one, ${rate}.`,
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

  portfolio: {
    title: "Portfolio",
    connectTitle: "No wallet is connected",
    connectAdvice: "Connect one to see what it has in the protocol: loans, shares, savings, tokens.",
    net: "Net worth",
    lowestHealth: "Lowest health factor",
    collateral: "Collateral",
    debt: "Debt",
    vaults: "Lent, saved, in the backstop",
    wallet: "In the wallet",
    formulas: {
      net: "Collateral at the NAVs in force, what shares bring and tokens in the wallet, less debt. A pUSD and a dollar token count as one US dollar.",
      health:
        "Of each loan: collateral's value times the liquidation loan-to-value, divided by the debt, cut off. The lowest of them.",
      collateral: "Collateral in custody, what is with a workout too, times the NAV in force.",
      debt: "What is owed now, interest and penalties included, rounded up.",
      vaults: "What all shares of pools, savings and the backstop bring now, queued ones too.",
      wallet: "Tokens at the NAV in force; a pUSD and a dollar token at one US dollar.",
    },
    positions: "Loans and collateral",
    noPositions: "You have no loan and no collateral here",
    noPositionsAdvice:
      "A loan begins in a market, with its asset as collateral. Twenty dollars are enough in some.",
    toMarkets: "To the markets",
    overdue: "Overdue",
    phases: { window: "Sale to preferred buyers", auction: "In auction", workout: "In workout" },
    phaseUntil: "This phase ends",
    coolOff: "Just checked: not liquidated before",
    inWorkout: (amount: string) => `${amount} are with the workout, being redeemed with the issuer.`,
    consented: (ltv: string) => `May be liquidated from ${ltv} on`,
    consent: "Liquidation band",
    fixed: (rate: string) => `Fixed rate, ${rate} a year`,
    due: "due",
    liquidationNav: "Liquidated below a NAV of",
    shares: "Lent, saved, in the backstop",
    noShares: "You lend and save nothing",
    noSharesAdvice: "Lend to a market's borrowers, save pUSD, or stand behind all loans.",
    noTokens: "None of the protocol's tokens is in the wallet",
    lentIn: (market: string) => `Lent: ${market}`,
    savings: "Savings",
    backstop: "Backstop",
    peg: "Peg module",
    queued: (shares: string) => `${shares} of it queue to leave`,
    frozen: (amount: string) => `${amount} of it are frozen by the issuer`,
    columns: { what: "What", worth: "Worth, USD" },
    history: {
      title: "History",
      csv: "Download as CSV",
      none: "Nothing was done yet",
      noneAdvice: "Loans, repayments, deposits and swaps of this account appear here.",
      what: "What",
      where: "Where",
      amount: "Amount",
      other: "For",
      when: "When",
      more: (count: string) => `Show all ${count}`,
      fewer: "Show fewer",
      source: "From the chain's own events since the deployment.",
      kinds: {
        borrowed: "Borrowed",
        repaid: "Repaid",
        collateralAdded: "Collateral added",
        collateralRemoved: "Collateral removed",
        liquidated: "Liquidated",
        seized: "Seized by order of law",
        deposited: "Deposited",
        withdrawn: "Withdrawn",
        swappedIn: "Swapped in",
        swappedOut: "Swapped out",
        exitRequested: "Queued to leave",
        exitCancelled: "Stayed",
      },
      csvHeads: [
        "time",
        "what",
        "where",
        "terms",
        "amount",
        "token",
        "for",
        "for token",
        "block",
        "transaction",
      ],
    },
  },

  stablecoin: {
    title: "Stablecoin",
    pages: { label: "pUSD", swap: "pUSD", savings: "Savings", backstop: "Backstop" },
    answer: (price: string) => `1 pUSD = ${price}`,
    lead: "Redeemed at the peg module, one to one less a fee, as long as its reserve lasts.",
    status: {
      open: "Dollars are taken",
      stopped: "Taking dollars is stopped",
      feedStale: "Price too old: no dollars are taken",
      feedOutOfBounds: "Off its peg: no dollars are taken",
    },
    swap: "Swap",
    figures: {
      supply: "pUSD in circulation",
      reserve: "Reserve",
      surplus: "Surplus",
      price: "Price of the dollar token",
      untilCeiling: "May still flow in",
      inWindow: "In this window",
    },
    formulas: {
      reserve: "What the peg module counts as its own, the sum of its lanes; gifts do not count.",
      price: "The newest answer of the feed. Above one dollar a token counts as one.",
      untilCeiling: "The ceiling of the reserve, less what is in it; the sum of its lanes.",
      inWindow: "The inflow cap of the running window, less what has flowed in; the sum of its lanes.",
    },
    said: (age: string) => `said ${age} ago`,
    ofCeiling: (ceiling: string) => `of a ceiling of ${ceiling}`,
    ofWindow: (cap: string, window: string) => `of ${cap} in ${window}`,
    backing: "What backs it",
    backingAbout:
      "Debt counts at what borrowers owe; each loan is covered by more than that in collateral. Surplus and backstop bear a loss before anybody else.",
    reserveRow: "Dollars in reserve",
    columns: { what: "What", value: "US dollars", share: "Part" },
    covered: (total: string, ratio: string) =>
      `Together ${total} dollars: ${ratio} of the pUSD in circulation.`,
    noSupply: "No pUSD is in circulation.",
    bounds: (deviation: string, age: string) =>
      `Dollars are taken while the feed is within ${deviation} of one dollar and not older than ${age}. Redeeming never stops.`,
  },

  savings: {
    title: "Savings",
    actions: "Save and redeem",
    save: "Save",
    redeem: "Redeem",
    rate: "Vesting now",
    own: "You have saved",
    vests: "compounded nowhere: the next payment sets it anew",
    nothingVests: "The last payment has vested; the next one sets the rate.",
    vestsUntil: "What was paid last vests until",
    vestedAt: "What was paid last had vested by",
    total: "Saved by all",
    price: "One sPUSD brings",
    room: "Room for more",
    payout: "Savers' part of the surplus",
    payoutNote: "of what capital exceeds the caps' needs by",
    about:
      "Interest on minted loans arrives in the surplus. What capital needs is kept; of the rest savers are paid their part once an epoch, and it vests by the second. Savings can be redeemed at any time. Only losses beyond surplus and backstop lower their price.",
    formulas: {
      rate: "Growth of the price of a share until the vesting ends, per year, divided by its price when that began.",
      own: "Your shares times their price now, rounded down.",
      total: "All shares times their price now; what still vests is left out.",
      price: "The index of the vault: assets per share.",
      room: "Shares left under the cap of this epoch, times their price.",
      payout: "As governance set it at the surplus.",
    },
  },

  backstop: {
    title: "Backstop",
    actions: "Deposit and leave",
    deposit: "Deposit",
    leave: "Leave",
    size: "First-loss capital",
    rate: "Premium vesting now",
    own: "Your part",
    nothingVests: "No premium vests now.",
    covered: "Capital behind the caps",
    needed: (amount: string) => `${amount} needed`,
    queued: "Queued to leave",
    lost: "Lost to date",
    about:
      "The backstop bears losses of minted loans after the surplus and before savers. For that it is paid a premium from the surplus. Whoever leaves queues, bears losses until the date, and claims within a window after it; who misses it queues again.",
    formulas: {
      size: "Assets of the backstop, vested premiums included, queued shares too.",
      rate: "The last premium and what it vests with, per year at this pace, divided by the capital.",
      own: "Your shares and your queued shares at their price now, rounded down.",
      covered:
        "Surplus and backstop, queued exits left out. The caps of all markets and the peg need a part of it each.",
      queued: "Worth of the shares that wait for their date.",
      lost: "Sum of all losses drawn from the backstop.",
    },
  },

  gallery: {
    title: "Parts",
    lead: "Every part of the interface in all its states. Values here are samples.",
  },
} as const;
