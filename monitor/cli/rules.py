"""`tumen rules try|test|lint|backtest|diff`: the rule laboratory."""

from __future__ import annotations

import click

from monitor.cli.laboratory.backtesting import backtest_rules
from monitor.cli.laboratory.differing import diff_rules
from monitor.cli.laboratory.linting import lint_rules
from monitor.cli.laboratory.testing import test_rules
from monitor.cli.laboratory.trying import try_rules


@click.group()
def rules() -> None:
    """Try, prove, check and measure the rules of topic packs."""


for _command in (try_rules, test_rules, lint_rules, backtest_rules, diff_rules):
    rules.add_command(_command)
