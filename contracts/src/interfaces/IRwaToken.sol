// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title IRwaToken
/// @notice A permissioned ERC-20 for a real-world asset, in the manner of ERC-3643: identity, freeze, forced transfer,
/// recovery, pause, and its documents (ERC-1643).
interface IRwaToken is IERC20 {
    /// @dev One slot per account.
    struct Freeze {
        bool account; //    1 byte: neither sends nor receives
        uint248 amount; // 31 bytes: what of the balance does not move; never above the balance
    }

    /// @dev Which residents may receive, by a bitmap over ISO 3166-1 numeric codes (0 to 999; 0 is unknown).
    struct JurisdictionRule {
        /// True: only those whose bit is set. False: all but those whose bit is set.
        bool onlyListed;
        /// Bit `code % 256` of word `code / 256`.
        uint256[4] listed;
    }

    event AddressFrozen(address indexed account, bool indexed frozen, address indexed agent);
    event TokensFrozen(address indexed account, uint256 amount);
    event TokensUnfrozen(address indexed account, uint256 amount);
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount, address indexed agent);
    event RecoverySuccess(address indexed lostWallet, address indexed newWallet, uint256 amount, uint256 frozenAmount);
    event Paused(address agent);
    event Unpaused(address agent);
    event JurisdictionRuleSet(bool onlyListed, uint256[4] listed);
    event DocumentUpdated(bytes32 indexed name, string uri, bytes32 documentHash);
    event DocumentRemoved(bytes32 indexed name, string uri, bytes32 documentHash);

    /// @notice The agent paused this token: wait until it is unpaused.
    error TokenPaused();
    /// @notice The token is paused already, or not paused.
    error PauseUnchanged();
    /// @notice `account` has no valid identity to receive this token, or is frozen: see the registrar or the agent.
    error ReceiverNotEligible(address account);
    /// @notice `account` is not on record, or frozen: it may not send this token.
    error SenderNotEligible(address account);
    /// @notice Residents of `jurisdiction` may not receive this token.
    error JurisdictionNotAllowed(address account, uint16 jurisdiction);
    /// @notice `account` may spend `available`, the rest is frozen.
    error AmountFrozen(address account, uint256 available, uint256 requested);
    /// @notice `account` has `available` that is not frozen yet: freeze the account whole to reach what it will receive.
    error FreezeExceedsBalance(address account, uint256 available, uint256 requested);
    /// @notice Of `account`, `frozen` is frozen: no more can be released.
    error UnfreezeExceedsFrozen(address account, uint256 frozen, uint256 requested);
    /// @notice `account` is a market's custodian: use `Market.forceSeize`, which hits one position alone.
    error CustodianProtected(address account);
    /// @notice A wallet is recovered to another one.
    error RecoveryToItself(address account);
    /// @notice `lostWallet` holds nothing here; collateral in custody is the market's matter.
    error NothingToRecover(address lostWallet);
    /// @notice Give one amount for each receiver.
    error LengthsDiffer(uint256 receivers, uint256 amounts);
    /// @notice No document under `name`.
    error UnknownDocument(bytes32 name);
    /// @notice A document needs the keccak256 of its bytes.
    error DocumentHashMissing(bytes32 name);

    /* SUPPLY */

    /// @notice Mints to an eligible holder, paused or not. Restricted to the issuer's agent.
    function mint(address to, uint256 amount) external;

    /// @notice The same for many, all or none. Restricted.
    function batchMint(address[] calldata receivers, uint256[] calldata amounts) external;

    /// @notice Burns from a holder, frozen and paused or not, never from a custodian. Restricted.
    /// @dev What of it was frozen is released first, as far as needed.
    function burn(address from, uint256 amount) external;

    /* BY ORDER OF LAW */

    /// @notice Moves a holder's tokens to an eligible one, frozen and paused or not. Refused for custodians. Restricted.
    /// @dev What of it was frozen is released first, as far as needed.
    function forcedTransfer(address from, address to, uint256 amount) external;

    /// @notice Moves all that `lostWallet` holds to `newWallet`, an eligible wallet of the same person, with what of it is
    /// frozen; a frozen account stays frozen and freezes the new one. Refused for custodians. Restricted.
    /// @dev That both are the same person's is the agent's to establish. Positions in markets stay with `lostWallet`.
    function recoverWallet(address lostWallet, address newWallet) external;

    /// @notice Freezes or releases an account whole. Refused for custodians. Restricted.
    function setAddressFrozen(address account, bool frozen) external;

    /// @notice Freezes `amount` more of what `account` holds. Refused for custodians. Restricted.
    function freezePartialTokens(address account, uint256 amount) external;

    /// @notice Releases `amount` of what is frozen of `account`. Restricted.
    function unfreezePartialTokens(address account, uint256 amount) external;

    /// @notice Stops all transfers, custody included, but the agent's own acts. Restricted.
    function pause() external;

    /// @notice Lets transfers go on. Restricted.
    function unpause() external;

    /// @notice Says whose residents may receive, replacing the rule before. Restricted.
    function setJurisdictionRule(JurisdictionRule calldata rule) external;

    /* DOCUMENTS, ERC-1643 */

    /// @notice Publishes a document, or a new version of it. Restricted.
    /// @param documentHash keccak256 of its bytes.
    function setDocument(bytes32 name, string calldata uri, bytes32 documentHash) external;

    /// @notice Withdraws a document. Restricted.
    function removeDocument(bytes32 name) external;

    /// @notice Where a document is, the hash of its bytes and when it was last updated, in seconds.
    function getDocument(
        bytes32 name
    ) external view returns (string memory uri, bytes32 documentHash, uint256 lastModified);

    function getAllDocuments() external view returns (bytes32[] memory);

    /* VIEWS */

    function paused() external view returns (bool);

    /// @notice Whether the account is frozen whole.
    function isFrozen(address account) external view returns (bool);

    /// @notice What of the balance is frozen.
    function getFrozenTokens(address account) external view returns (uint256);

    function jurisdictionRule() external view returns (JurisdictionRule memory);

    /// @notice Whether residents of `jurisdiction` may receive.
    function jurisdictionAllowed(uint16 jurisdiction) external view returns (bool);

    /// @notice The registry that says who may hold this token.
    function registry() external view returns (address);
}
