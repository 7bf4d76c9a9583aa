/** As in `IMarket.Phase`. */
export const phases = ["none", "window", "auction", "workout"] as const;
