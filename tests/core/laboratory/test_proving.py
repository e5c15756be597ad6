from dataclasses import replace

from monitor.core.laboratory.proving import prove
from monitor.core.topic import Example


def test_examples_that_hold_give_no_failures(make_pack):
    pack = make_pack("dprk AND russia")
    rule = replace(
        pack.rules[0],
        must_fire=(Example("North Korea and Russia", "en"), Example("북한\n러시아가 본문에", "ko")),
        must_not_fire=(Example("북한산과 러시아", "ko"),),
    )
    assert prove(replace(pack, rules=(rule,), must_not_fire=(Example("Russia", "en"),))) == ()


def test_each_broken_example_names_its_rule_its_place_and_what_it_should_do(make_pack):
    pack = make_pack("dprk AND russia")
    rule = replace(
        pack.rules[0],
        must_fire=(Example("weather", "en", "rules/a.yaml:4"),),
        must_not_fire=(Example("North Korea, Russia", "en", "rules/a.yaml:5"),),
    )
    general = Example("Россия и КНДР", "ru", "pack.yaml:9")
    failures = prove(replace(pack, rules=(rule,), must_not_fire=(general,)))
    assert [(failure.rule, failure.where, failure.says) for failure in failures] == [
        ("r0", "rules/a.yaml:4", "must fire and does not: weather"),
        ("r0", "rules/a.yaml:5", "must not fire and does: North Korea, Russia"),
        ("r0", "pack.yaml:9", "must not fire and does: Россия и КНДР"),
    ]
