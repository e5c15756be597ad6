import pytest

from monitor.app import replaying, utc_now
from monitor.core.errors import AlreadyRunning, ConfigError, MonitorError
from monitor.store.lock import WriterLock

PACK = "name: tiny\nlabel: {en: Tiny}\n"
CONCEPTS = "kim:\n  kind: actor\n  label: {en: Kim}\n  names: {en: [kim]}\n"
RULES = "about:\n  label: {en: About}\n  when: kim\n"


@pytest.fixture
def folder(tmp_path):
    for name, text in (("pack.yaml", PACK), ("concepts/a.yaml", CONCEPTS), ("rules/a.yaml", RULES)):
        (tmp_path / "tiny" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tiny" / name).write_text(text)
    return tmp_path


def test_replaying_keeps_the_history_only_where_it_is_asked_to(folder):
    with replaying([str(folder / "tiny")], None, utc_now()):
        pass
    assert not list(folder.glob("*.db"))
    with replaying([str(folder / "tiny")], folder / "kept.db", utc_now()):
        assert (folder / "kept.db").exists()


def test_replaying_into_the_history_of_a_running_service_is_refused(folder):
    with (
        WriterLock(folder / "kept.db"),
        pytest.raises(AlreadyRunning),
        replaying([str(folder / "tiny")], folder / "kept.db", utc_now()),
    ):
        pass


def test_errors_know_their_exit_codes():
    def all_kinds(kind):
        return [kind, *(deeper for inner in kind.__subclasses__() for deeper in all_kinds(inner))]

    codes = {kind.__name__: kind.exit_code for kind in all_kinds(MonitorError)}
    documented = {"ConfigError": 2, "RuleError": 2, "InputError": 2, "StorageError": 3, "DatabaseDamaged": 4}
    documented |= {
        "DatabaseNewer": 5,
        "DatabaseBusy": 3,
        "AlreadyRunning": 6,
        "CrawlError": 1,
        "DeliveryError": 1,
    }
    assert documented.items() <= codes.items()
    assert set(codes.values()) <= set(range(1, 7))
    assert str(ConfigError("wrong", where="a.yaml:1", remedy="mend it")) == "a.yaml:1: wrong\n  → mend it"
