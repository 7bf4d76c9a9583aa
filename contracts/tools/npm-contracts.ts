/** Contracts of packages that are deployed as they are: the compiler gives them artifacts too. */
export const npmContracts = [
  "@openzeppelin/contracts/access/manager/AccessManager.sol",
  "@openzeppelin/contracts/governance/TimelockController.sol",
];
