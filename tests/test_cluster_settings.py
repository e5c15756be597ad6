"""What `tumen.yaml` may say of a cluster, what is refused, and what is warned of."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from monitor import planning
from monitor.cli import tumen as group
from monitor.config import clustered, parse_settings
from monitor.core.errors import ConfigError, InputError
from tests.system.desk import PACK

TLS = {"address": "tls://scheduler.example:8786", "ca": "ca.pem", "certificate": "me.pem", "key": "me.key"}
OPEN = {"address": "tcp://scheduler.example:8786"}
OWN = {"name": "a", "title": "A", "url": "https://a.example/"}


def configured(folder, cluster, **source):
    return parse_settings(
        yaml.safe_dump(
            {
                "packs": [str(PACK)],
                "channels": {"desk": {"url": "json://127.0.0.1:9/"}},
                "sources": {"shipped": False, "own": [OWN | source]},
                "crawl": {"cluster": cluster},
            }
        ),
        folder,
        {},
    )


@pytest.mark.parametrize(
    ("cluster", "says"),
    [
        ({"address": "http://scheduler.example:8786"}, "no address of a scheduler"),
        ({"address": "tcp://scheduler.example"}, "no address of a scheduler"),
        ({"address": "tcp://scheduler.example:99999"}, "no address of a scheduler"),
        ({"address": TLS["address"], "ca": "ca.pem"}, "needs certificate and key"),
        (OPEN | {"ca": "ca.pem"}, "no effect with tcp://"),
        (OPEN | {"otherwise": "hope"}, "takes local or wait"),
    ],
)
def test_what_cannot_be_is_refused(cluster, says, tmp_path):
    with pytest.raises(ConfigError, match=says):
        configured(tmp_path, cluster)


def test_the_option_gives_or_replaces_the_address(tmp_path):
    without = parse_settings("", tmp_path, {})
    assert clustered(without, None) is without
    assert clustered(without, "tcp://[::1]:8786").crawl.cluster.address == "tcp://[::1]:8786"
    other = clustered(configured(tmp_path, TLS), "tls://other.example:8786").crawl.cluster
    assert (other.address, other.key.name) == ("tls://other.example:8786", "me.key")
    for address, says in (("here", "no address"), ("tls://here:1", "needs ca and certificate and key")):
        with pytest.raises(InputError, match=says) as refused:
            clustered(without, address)
        assert refused.value.where == "--cluster"


def test_certificates_are_there_before_anything_starts(tmp_path):
    settings = configured(tmp_path, TLS)
    for name in ("ca.pem", "me.pem"):
        (tmp_path / name).write_text("")
    with pytest.raises(ConfigError, match="cannot be read") as refused:
        planning.plan(settings)
    assert refused.value.where == str(tmp_path / "me.key")
    (tmp_path / "me.key").write_text("")
    assert planning.plan(settings)


def test_without_dask_one_message_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(planning, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match="needs Dask, which is not installed"):
        planning.plan(configured(tmp_path, OPEN))


@pytest.mark.parametrize(
    ("address", "source", "is_warned"),
    [
        ("tcp://scheduler.example:8786", {"auth": "me:secret"}, True),
        ("tcp://scheduler.example:8786", {"proxy": "http://me:secret@proxy.example:1"}, True),
        ("tcp://scheduler.example:8786", {"delay": "10s"}, False),
        ("tcp://127.0.0.1:8786", {"auth": "me:secret"}, False),
        ("tcp://[::1]:8786", {"auth": "me:secret"}, False),
    ],
)
def test_secrets_that_would_cross_a_network_openly_are_warned_of(address, source, is_warned, tmp_path):
    assert bool(planning.open_cluster(configured(tmp_path, {"address": address}, **source))) is is_warned


def test_check_names_the_cluster_and_the_warning(tmp_path):
    file = tmp_path / "tumen.yaml"
    own = [OWN | {"auth": "me:secret"}]
    sources, crawl = {"shipped": False, "own": own}, {"cluster": OPEN, "contact": "a@b.example"}
    file.write_text(yaml.safe_dump({"packs": [str(PACK)], "sources": sources, "crawl": crawl}))
    said = CliRunner().invoke(group, ["check", "-c", str(file)])
    assert said.exit_code == 0, said.output
    assert "! cluster        tcp://scheduler.example:8786: logins and other secrets" in said.output
