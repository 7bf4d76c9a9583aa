// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IRwaToken
/// @notice A permissioned ERC-20 for a real-world asset, in the manner of ERC-3643: identity, freeze, forced transfer,
/// and its documents (ERC-1643).
interface IRwaToken is IERC20 {
    struct Document {
        /// Where to get it.
        string uri;
        /// keccak256 of its bytes.
        bytes32 contentHash;
        /// Seconds; 0 means no such document.
        uint64 updatedAt;
    }

    event FrozenAmountSet(address indexed account, uint256 amount);
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount, address indexed agent);
    event JurisdictionBlocked(uint16 indexed jurisdiction, bool blocked);
    event DocumentUpdated(bytes32 indexed name, string uri, bytes32 contentHash);
    event DocumentRemoved(bytes32 indexed name);

    /// @notice `account` has no valid identity to receive this token: the registrar must approve or renew it.
    error ReceiverNotEligible(address account);
    /// @notice `account` is not on record, or frozen: it may not send this token.
    error SenderNotEligible(address account);
    /// @notice Residents of `jurisdiction` may not receive this token.
    error JurisdictionNotAllowed(address account, uint16 jurisdiction);
    /// @notice `account` may spend `available`, the rest is frozen.
    error AmountFrozen(address account, uint256 available, uint256 requested);
    /// @notice `account` is a market's custodian: use the market's own procedure, which hits one position alone.
    error CustodianProtected(address account);
    /// @notice No document under `name`.
    error UnknownDocument(bytes32 name);

    /// @notice Mints to an eligible holder. Restricted to the issuer's agent.
    function mint(address to, uint256 amount) external;

    /// @notice Burns from a holder, frozen or not, never from a custodian. Restricted to the issuer's agent.
    function burn(address from, uint256 amount) external;

    /// @notice Moves a holder's tokens by order of law, whatever is frozen. Refused for custodians. Restricted.
    function forcedTransfer(address from, address to, uint256 amount) external;

    /// @notice Freezes `amount` of what `account` holds; the largest number freezes the account whole, so that it cannot
    /// receive either; 0 releases. Refused for custodians. Restricted.
    function setFrozenAmount(address account, uint256 amount) external;

    /// @notice Blocks or admits residents of `jurisdiction` (ISO 3166-1 numeric) as receivers. Restricted.
    function setJurisdictionBlocked(uint16 jurisdiction, bool blocked) external;

    /// @notice Publishes a document. Restricted.
    function setDocument(bytes32 name, string calldata uri, bytes32 contentHash) external;

    /// @notice Withdraws a document. Restricted.
    function removeDocument(bytes32 name) external;

    function document(bytes32 name) external view returns (Document memory);

    function documentNames() external view returns (bytes32[] memory);

    function frozenAmount(address account) external view returns (uint256);

    function jurisdictionBlocked(uint16 jurisdiction) external view returns (bool);

    /// @notice The registry that says who may hold this token.
    function registry() external view returns (address);
}
