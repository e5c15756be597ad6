"""The beginning of `tumen`, and of `python -m monitor`: next to nothing, so that Ctrl-C is heard at once."""

from __future__ import annotations

from monitor.loading import ending_at_once


def main() -> None:
    """Run the command line and end the process with a documented exit code."""
    with ending_at_once():
        from monitor import cli  # noqa: PLC0415  what it loads takes a moment
    cli.main()


if __name__ == "__main__":
    main()
