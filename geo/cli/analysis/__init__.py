"""Commands of analysis: risk, backtest."""
