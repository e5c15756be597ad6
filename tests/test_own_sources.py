"""What a source of one's own may need, as `tumen.yaml` declares it."""

from __future__ import annotations

import pytest

from monitor.catalogue import SourceDeclaration
from monitor.config import parse_settings, watched_sources, worker_options
from monitor.core.errors import ConfigError
from spiders.items import Access

SECRETS = {"KEY": "k-1", "PASSWORD": "p:w@/é", "ID": "c-1"}


def read(folder, own, environment=SECRETS):
    text = (
        f"sources: {{shipped: false, own: [{{name: mine, title: Mine, url: 'https://a.example/f', {own}}}]}}"
    )
    return parse_settings(text, folder, environment)


def access_of(settings):
    return worker_options(settings).access.get("mine")


def test_all_that_a_source_needs_reaches_the_worker_and_no_other_place(tmp_path):
    settings = read(
        tmp_path,
        "headers: {X-Key: '${KEY}'}, cookies: {id: '${ID}', seen: yes}, auth: 'reader:${PASSWORD}', "
        "proxy: 'http://me:${PASSWORD}@proxy.example:3128', delay: 5s, timeout: 40s",
    )
    assert access_of(settings) == Access(
        origin="https://a.example",
        headers={
            "X-Key": "k-1",
            "Cookie": "id=c-1; seen=yes",
            "Authorization": "Basic cmVhZGVyOnA6d0Avw6k=",
        },
        proxy="http://proxy.example:3128",
        proxy_authorization="Basic bWU6cDp3QC/DqQ==",
        delay=5.0,
        timeout=40.0,
    )
    (source,) = watched_sources(settings.sources)
    for shown in (repr(settings), settings.model_dump_json(), repr(source), repr(worker_options(settings))):
        assert not any(secret in shown for secret in ("k-1", "c-1", "p:w@", "cmVhZGVy", "bWU6"))


def test_a_source_that_needs_nothing_is_asked_as_all_others_are(tmp_path):
    assert access_of(read(tmp_path, "weight: 4")) is None


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ("headers: {'X Key': a}", "is no name"),
        ('headers: {X-Key: "a\\r\\nHost: b"}', "cannot be sent"),
        ("headers: {X-Key: ключ}", "cannot be sent"),
        ("headers: {Host: b.example}", "Tumen's own"),
        ("headers: {user-agent: Mozilla}", "crawl: contact"),
        ("headers: {Accept-Encoding: br}", "Tumen's own"),
        ("headers: {Cookie: a=b}", "give them as cookies"),
        ("cookies: {a: 'b; c=d'}", "semicolon"),
        ("auth: '${KEY}'", "a user, a colon and a password"),
        ("auth: 'a:b', headers: {authorization: Bearer x}", "two logins"),
        ("proxy: 'socks5://${KEY}:1'", "no address of a proxy"),
        ("proxy: 'http://${KEY}:port'", "no address of a proxy"),
        ("delay: 5", "a duration"),
    ],
)
def test_what_cannot_be_sent_is_refused_without_the_secret(tmp_path, own, says):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, own)
    told = f"{caught.value} {caught.value.remedy}"
    assert says in told
    assert "k-1" not in told


def test_a_shipped_declaration_cannot_hold_secrets():
    assert not {"headers", "cookies", "auth", "proxy"} & set(SourceDeclaration.model_fields)
