// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ILiquidationCallback, IMarket} from "../interfaces/IMarket.sol";
import {ILiquidator} from "../interfaces/ILiquidator.sol";

/// @title Liquidator
/// @notice Liquidates without capital, in the market's callback. Belongs to whoever runs keepers, not to the protocol.
contract Liquidator is ILiquidator, Ownable2Step, ReentrancyGuardTransient {
    using Address for address;
    using SafeERC20 for IERC20;

    /// @dev The market that a liquidation is under way in.
    address private transient _market;

    /// @inheritdoc ILiquidator
    mapping(address account => bool) public isKeeper;

    constructor(address owner_) Ownable(owner_) {}

    /* KEEPERS */

    /// @inheritdoc ILiquidator
    function liquidate(
        IMarket market,
        address owner,
        uint256 termsId,
        uint256 maxRepay,
        uint256 minProfit,
        Sale calldata sale
    ) external nonReentrant returns (uint256 profit) {
        require(isKeeper[msg.sender] || msg.sender == Ownable.owner(), NotAKeeper(msg.sender));
        _market = address(market);
        (uint256 repaid, uint256 seized, ) = market.liquidate(
            owner,
            termsId,
            maxRepay,
            0,
            address(this),
            abi.encode(sale)
        );
        _market = address(0);
        profit = _handOver(IERC20(market.loanToken()));
        require(profit >= minProfit, ProfitTooLow(profit, minProfit));
        _handOver(IERC20(market.collateralToken()));
        emit Executed(msg.sender, address(market), owner, termsId, repaid, seized, profit);
    }

    /// @inheritdoc ILiquidationCallback
    function onLiquidation(uint256 repaid, uint256 seized, bytes calldata data) external {
        require(msg.sender == _market, NotLiquidating(msg.sender));
        IMarket market = IMarket(msg.sender);
        IERC20 token = IERC20(market.loanToken());
        address source = market.source();
        if (seized > 0) _sell(IERC20(market.collateralToken()), seized, source, abi.decode(data, (Sale)));
        uint256 proceeds = token.balanceOf(address(this));
        require(proceeds >= repaid, SaleTooLow(proceeds, repaid));
        token.forceApprove(source, repaid);
    }

    /* OWNER */

    /// @inheritdoc ILiquidator
    function setKeeper(address keeper, bool allowed) external onlyOwner {
        isKeeper[keeper] = allowed;
        emit KeeperSet(keeper, allowed);
    }

    /* INTERNAL */

    function _sell(IERC20 collateral, uint256 amount, address source, Sale memory sale) private {
        address venue = sale.venue;
        // A slip of the keeper's, or of whoever quoted for him, must not become a transfer.
        require(
            venue != address(collateral) &&
                venue != IMarket(msg.sender).loanToken() &&
                venue != msg.sender &&
                venue != source,
            NotAVenue(venue)
        );
        bytes memory data = sale.data;
        if (sale.amountAt > 0) {
            uint256 at = sale.amountAt;
            require(at >= 4 && data.length >= 32 && at <= data.length - 32, AmountOutsideData(at, data.length));
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                mstore(add(add(data, 32), at), amount)
            }
        }
        collateral.forceApprove(venue, amount);
        venue.functionCall(data);
        if (collateral.allowance(address(this), venue) > 0) collateral.forceApprove(venue, 0);
    }

    /// @dev Hands all that lies here of `token` to the keeper.
    function _handOver(IERC20 token) private returns (uint256 amount) {
        amount = token.balanceOf(address(this));
        if (amount > 0) token.safeTransfer(msg.sender, amount);
    }
}
