"""The command line: parsing, output and exit codes. Each command's module is loaded when it is called."""

from __future__ import annotations

import importlib
import io
import os
import sys

import click
from click.shell_completion import CompletionItem

from monitor import __version__
from monitor.core.errors import MonitorError
from monitor.loading import ending_at_once

EPILOG = """\b
Exit codes
  0 done    1 done, with findings    2 the input or configuration is wrong
  3 the place cannot be written    4 the database is damaged
  5 the database is newer than the program    6 another instance is running
  129, 130, 143 ended by a signal"""

_COMMANDS = {
    "init": "monitor.cli.init:init",
    "run": "monitor.cli.run:run",
    "demo": "monitor.cli.demo:demo",
    "check": "monitor.cli.check:check",
    "extract": "monitor.cli.read:extract",
    "replay": "monitor.cli.replay:replay",
    "rules": "monitor.cli.rules:rules",
    "search": "monitor.cli.search:search",
    "why": "monitor.cli.why:why",
    "evidence": "monitor.cli.evidence:evidence",
    "stories": "monitor.cli.stories:stories",
    "feedback": "monitor.cli.feedback:feedback",
    "packs": "monitor.cli.packs:packs",
    "sources": "monitor.cli.sources:sources",
    "alerts": "monitor.cli.alerts:alerts",
    "silences": "monitor.cli.silences:silences",
    "prune": "monitor.cli.prune:prune",
    "backup": "monitor.cli.backup:backup",
    "restore": "monitor.cli.restore:restore",
    "export": "monitor.cli.export:export",
    "report": "monitor.cli.report:report",
    "reload": "monitor.cli.reload:reload",
    "status": "monitor.cli.status:status",
    "doctor": "monitor.cli.doctor:doctor",
    "web": "monitor.cli.web:web",
    "completion": "monitor.cli.completion:completion",
}


class LazyGroup(click.Group):
    """Commands whose modules are imported when they are needed, so that `tumen --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """In the order in which a newcomer meets them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, name = _COMMANDS[cmd_name].partition(":")
        with ending_at_once():
            command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands without importing them: whoever has pressed Tab waits."""
        found = [
            CompletionItem(name, help=_SUMMARIES[name]) for name in _COMMANDS if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_SUMMARIES.items()))


_SUMMARIES = {
    "init": "Start a configuration, by some questions or by flags.",
    "run": "Watch the sources and tell the channels, until stopped.",
    "demo": "Show the whole road in a minute, without a network.",
    "check": "Check configuration, packs with their examples, sources and channels.",
    "extract": "Read articles out of saved pages.",
    "replay": "Decide about texts as the running service would.",
    "rules": "Try, prove, check and measure the rules of topic packs.",
    "search": "Find articles by words, names, language, time, source or story.",
    "why": "Show why an article was told, or exactly why it was not.",
    "evidence": "Export all about an article as a folder, or verify all that is kept.",
    "stories": "List stories, show one with its timeline, or say which belong together.",
    "feedback": "Say that something told was irrelevant or missed, and see what edits would do.",
    "packs": "List topic packs, start a new one, or have edited ones taken up.",
    "sources": "List sources, find and add new ones, test one, or look at one now.",
    "alerts": "List alerts, show one with its deliveries, or send some again.",
    "silences": "Keep alerts from being sent for a while, and send them after all.",
    "prune": "Remove what has been kept for long enough, and give its space back.",
    "backup": "Back the history up now, or list its backups.",
    "restore": "Put a backup in the place of the history.",
    "export": "Write articles, alerts, stories, facts or feeds into files for other programs.",
    "report": "Write or send the report about a week: what happened, and what was new.",
    "reload": "Have the running service take up its configuration as it is written now.",
    "status": "Show how things stand: service, looks, messages, history, and what comes next.",
    "doctor": "Look for what is wrong, or soon will be, and say what to do.",
    "web": "Serve the history as web pages.",
    "completion": "Print what makes a shell complete commands and options.",
}


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tumen")
def tumen() -> None:
    """Watch the news for one topic and hear of each real development once."""


def print_error(error: MonitorError) -> None:
    """What happened, where, and what to do, on standard error."""
    click.secho("error: ", fg=None if os.environ.get("NO_COLOR") else "red", nl=False, err=True)
    click.echo(str(error), err=True)


def main() -> None:
    """Run the command line and end the process with a documented exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a locale may lack the letters of a title
    try:
        code = tumen.main(prog_name="tumen", standalone_mode=False)
    except MonitorError as error:
        print_error(error)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except OSError as error:  # a full disk behind standard output, most of all
        click.echo(f"error: cannot write: {error.strerror or error}", err=True)
        code = 3
    except SystemExit:
        # So click and rich end when whoever reads our output has heard enough. Their 1 would mean findings here.
        code = 0
    sys.exit(code if isinstance(code, int) else 0)
