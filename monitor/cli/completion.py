"""`tumen completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from monitor.cli.options import ending

_SHELLS = ("bash", "zsh", "fish")
_VARIABLE = (
    "_TUMEN_COMPLETE"  # by which the shell asks us; click derives the same from the name of the program
)


@click.command(
    epilog=ending(
        examples=[
            'eval "$(tumen completion bash)"      # in ~/.bashrc',
            'eval "$(tumen completion zsh)"       # in ~/.zshrc',
            "tumen completion fish > ~/.config/fish/completions/tumen.fish",
        ]
    )
)
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands and options of tumen when Tab is pressed."""
    made = get_completion_class(shell)
    if made is not None:
        click.echo(made(context.find_root().command, {}, "tumen", _VARIABLE).source())
