"""`tumen init`: flags become a configuration that works and explains itself; nothing is overwritten or left over."""

from __future__ import annotations

import re
import stat

import pytest
import yaml

from monitor.config import Settings, load_settings
from tests.mailbox import open_inbox

SECRET = "s3cr3t-Pa55"
ADDRESS = f"mailtos://user:{SECRET}@mail.example.org?from=a@example.org&to=b@example.org"


@pytest.fixture
def init(tumen, harbour, monkeypatch):
    """Start with the tests' own pack, by flags."""
    monkeypatch.delenv("TUMEN_CHANNEL", raising=False)

    def run(*arguments: object, pack: object = "../harbour", **more: str):
        answer = tumen("init", *(("--pack", pack) if pack else ()), *arguments, **more)
        assert SECRET not in answer.out + answer.err
        assert "Traceback" not in answer.err
        return answer

    return run


def test_what_it_writes_is_taken_by_every_command(init, tumen, folder):
    answer = init(
        *("--channel", ADDRESS, "--name", "desk", "--language", "de", "--time-zone", "Europe/Berlin"),
        *("--quiet", "22:00-07:00", "--digest", "08:00", "--digest", "18:00", "--report", "monday 08:00"),
        *("--at-least", "high", "--source-language", "ko", "--contact", "me@example.org"),
    )
    assert (answer.code, answer.err) == (0, "")
    given = yaml.safe_load((folder / "tumen.yaml").read_text(encoding="utf-8"))
    assert given == {
        "history": "tumen.db",
        "packs": ["../harbour"],
        "channels": {
            "desk": {
                "url_file": "desk.address",
                "language": "de",
                "timezone": "Europe/Berlin",
                "at_least": "high",
                "quiet": "22:00-07:00",
                "digest": ["08:00", "18:00"],
                "report": "monday 08:00",
                "notices": "trouble",
            }
        },
        "sources": {"shipped": True, "languages": ["ko"]},
        "crawl": {"contact": "me@example.org"},
    }
    checked = tumen("check")
    assert (checked.code, checked.err) == (0, "")
    assert "desk: b@example.org" in checked.out
    assert "!" not in checked.out


def test_the_address_stands_in_a_file_of_its_own_that_nobody_else_can_read(init, folder):
    assert init("--channel", ADDRESS).code == 0
    secret = folder / "me.address"
    assert secret.read_text() == f"{ADDRESS}\n"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert SECRET not in (folder / "tumen.yaml").read_text()


@pytest.mark.parametrize("way", ["argument", "standard input", "environment"])
def test_the_address_need_not_stand_on_the_command_line(init, folder, monkeypatch, way):
    if way == "environment":
        monkeypatch.setenv("TUMEN_CHANNEL", ADDRESS)
    arguments = {"argument": ("--channel", ADDRESS), "standard input": ("--channel", "-")}.get(way, ())
    assert init(*arguments, stdin=f"{ADDRESS}\n" if way == "standard input" else "").code == 0
    assert (folder / "me.address").read_text() == f"{ADDRESS}\n"


def test_each_key_has_a_line_that_explains_it(init, folder):
    init("--channel", ADDRESS)
    lines = (folder / "tumen.yaml").read_text(encoding="utf-8").splitlines()
    keys = [n for n, line in enumerate(lines) if re.match(r" *(# )?[a-z_]+:( |$)", line)]
    explained = [lines[n - 1].lstrip().startswith("# ") for n in keys if "me:" not in lines[n]]
    assert len(explained) > 12
    assert all(explained)
    assert max(map(len, lines)) <= 118


@pytest.mark.parametrize("told", [("--channel", ADDRESS), ("--no-channel",)], ids=["told", "nobody"])
def test_what_waits_for_later_is_right_as_it_stands(init, folder, monkeypatch, told):
    init(*told)
    file = folder / "tumen.yaml"
    text = file.read_text(encoding="utf-8")
    later = re.sub(r"^( *)# ( *[a-z_]+:( |$))", r"\1\2", text, flags=re.MULTILINE)
    assert later != text
    file.write_text(later, encoding="utf-8")
    monkeypatch.setenv("MAIL_PASSWORD", SECRET)
    settings = load_settings(file)
    assert isinstance(settings, Settings)
    assert settings.channels["me"].canary or told == ("--no-channel",)


def test_a_topic_of_ones_own_is_started_and_watched(init, tumen, folder):
    assert init("--new-pack", "my-topic", "--no-channel", pack="").code == 0
    assert load_settings(folder / "tumen.yaml").packs == ["my-topic"]
    assert "my-topic" in tumen("check").out


def test_yes_takes_what_is_usual(init, folder, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Seoul")
    assert init("--yes", "--channel", ADDRESS).code == 0
    channel = load_settings(folder / "tumen.yaml").channels["me"]
    assert (channel.language, channel.timezone) == ("en", "Asia/Seoul")


def test_a_folder_that_is_not_there_is_made(init, tumen, folder):
    assert init("new/news", "--no-channel").code == 0
    assert tumen("check", "-c", "new/news/tumen.yaml").code == 0


@pytest.mark.parametrize("name", ["tumen.yaml", "me.address", "my-topic"])
def test_nothing_is_overwritten_and_nothing_else_is_written(init, folder, name):
    (folder / name).write_text("mine")
    answer = init("--channel", ADDRESS, "--new-pack", "my-topic")
    assert (answer.code, answer.out) == (2, "")
    assert f"{name}: is there already, and is not overwritten" in answer.err
    assert [file.name for file in folder.iterdir()] == [name]
    assert (folder / name).read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "the flags do not say who is told"),
        (("--no-channel", "--new-pack", "dprk-russia"), "comes with Tumen"),
        (("--no-channel", "--new-pack", "My Topic"), "no name for a pack"),
        (("--no-channel", "--pack", "dprk-rusia"), "did you mean dprk-russia?"),
        (("--channel", f"nonsense://{SECRET}"), "cannot be used"),
        (("--channel", f"mailtos://user:{SECRET}@"), "cannot be used"),
        (("--channel", "-"), "standard input holds no address"),
        (("--channel", ADDRESS, "--name", "me too"), "no name for a channel"),
        (("--channel", ADDRESS, "--language", "xx"), "no words in xx"),
        (("--channel", ADDRESS, "--time-zone", "Berlin"), "Berlin is no time zone"),
        (("--channel", ADDRESS, "--quiet", "night"), "quiet: hours of the day are two times"),
        (("--channel", ADDRESS, "--digest", "8"), "two digits for hours"),
        (("--channel", ADDRESS, "--report", "moonday 08:00"), "did you mean monday?"),
        (("--channel", ADDRESS, "--at-least", "loud"), "at_least"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_is_said_and_leaves_nothing(init, folder, arguments, says):
    answer = init(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert says in answer.err
    assert "→" in answer.err
    assert list(folder.iterdir()) == []


def test_what_turns_out_to_be_wrong_at_the_end_leaves_nothing(init, folder):
    answer = init("deep/news", "--no-channel", "--source-language", "xx")
    assert answer.code == 2
    assert "no source is chosen" in answer.err
    assert list(folder.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(init, folder):
    (folder / "file").write_text("")
    answer = init("file/news", "--no-channel")
    assert answer.code in {2, 3}
    assert "file" in answer.err
    assert [each.name for each in folder.iterdir()] == ["file"]


def test_a_test_message_goes_out_when_asked_for(init, folder):
    with open_inbox() as inbox:
        address = f"mailto://127.0.0.1:{inbox.port}?from=a@example.org&to=me@example.org&mode=insecure"
        answer = init("--channel", address, "--send", "--language", "fr")
        assert answer.code == 0
        assert "✓ sent" in answer.out
        (letter,) = inbox.letters
        assert letter.mail["Subject"] == "Message d’essai"
        inbox.rcpt = "550 nobody"
        failed = init("other", "--channel", address, "--send")
    assert failed.code == 1
    assert "✗ not sent" in failed.out
    assert (folder / "other" / "tumen.yaml").exists()


def test_a_unit_of_ones_own_runs_what_is_installed_here(init, folder):
    answer = init("--channel", ADDRESS, "--systemd", "user")
    assert answer.code == 0
    unit = (folder / "tumen.service").read_text(encoding="utf-8")
    assert f'run --config "{folder}/tumen.yaml"' in unit
    assert re.search(r"(?m)^ExecStart=/\S+/tumen run ", unit)
    assert "WantedBy=default.target" in unit
    assert f"systemctl --user enable --now '{folder}/tumen.service'" in answer.out


def test_a_unit_of_the_machine_gets_the_address_as_a_credential(init, folder, monkeypatch):
    answer = init("--channel", ADDRESS, "--name", "my-desk", "--systemd", "system")
    assert answer.code == 0
    unit = (folder / "tumen.service").read_text(encoding="utf-8")
    assert f"LoadCredential=TUMEN_MY_DESK_ADDRESS:{folder}/my-desk.address\n" in unit
    assert "DynamicUser=yes" in unit
    monkeypatch.setenv("TUMEN_MY_DESK_ADDRESS_FILE", str(folder / "my-desk.address"))
    settings = load_settings(folder / "tumen.yaml")
    assert settings.channels["my-desk"].url.get_secret_value() == ADDRESS
    assert str(settings.history_path) == "/var/lib/tumen/tumen.db"
    assert (folder / "tumen.yaml").stat().st_mode & 0o044 == 0o044
    assert f"export TUMEN_MY_DESK_ADDRESS_FILE='{folder}/my-desk.address'" in answer.out


def test_a_unit_that_could_not_start_is_not_written(init, folder, monkeypatch):
    monkeypatch.setattr("sys.executable", "/home/anna/venv/bin/python")
    answer = init("--no-channel", "--systemd", "system")
    assert answer.code == 2
    assert "→" in answer.err
    assert list(folder.iterdir()) == []
