"""Who hears of what happens to Tumen itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.delivery.deliveries import Recipient
from monitor.core.delivery.notices import Listener, NoticeKind, Wish, audience
from monitor.core.topic import Severity

ANNA, BORIS, ROOM = Recipient("mail", "anna"), Recipient("mail", "boris"), Recipient("chat", "room")
COMINGS = {NoticeKind.STARTED, NoticeKind.STOPPED}
FOR_READERS = {
    NoticeKind.CHANNEL_PARKED,
    NoticeKind.CHANNEL_BACK,
    NoticeKind.RESTORED,
    NoticeKind.HISTORY_DAMAGED,
}


def heard(kind, mail, chat, without=None):
    channels = (Listener("mail", (ANNA, BORIS), mail), Listener("chat", (ROOM,), chat))
    return audience(kind, channels, without=without)


@pytest.mark.parametrize("kind", NoticeKind)
def test_whoever_wants_all_hears_all_and_whoever_wants_trouble_not_of_start_and_stop(kind):
    assert heard(kind, Wish.ALL, Wish.NONE) == (ANNA, BORIS)
    assert heard(kind, Wish.TROUBLE, Wish.NONE) == (() if kind in COMINGS else (ANNA, BORIS))


@pytest.mark.parametrize("kind", NoticeKind)
def test_if_nobody_wants_notices_only_what_concerns_readers_is_told_and_to_all(kind):
    assert heard(kind, Wish.NONE, Wish.NONE, without=ANNA) == ((BORIS, ROOM) if kind in FOR_READERS else ())


@pytest.mark.parametrize("kind", sorted(FOR_READERS))
def test_if_only_the_broken_one_wants_notices_all_others_are_told(kind):
    assert heard(kind, Wish.NONE, Wish.ALL, without=ROOM) == (ANNA, BORIS)


@given(
    st.sampled_from(NoticeKind),
    st.lists(st.sampled_from(Wish), min_size=1, max_size=4),
    st.integers(0, 8),
)
def test_nobody_hears_of_it_twice_nor_by_the_broken_way_and_somebody_hears_if_anybody_can(
    kind, wishes, broken
):
    channels = [
        Listener(f"c{number}", (Recipient(f"c{number}", "a"), Recipient(f"c{number}", "b")), wish)
        for number, wish in enumerate(wishes)
    ]
    everybody = [who for channel in channels for who in channel.recipients]
    without = everybody[broken] if broken < len(everybody) else None
    told = audience(kind, channels, without=without)
    assert len(set(told)) == len(told)
    wanted = {Wish.ALL} if kind in COMINGS else {Wish.ALL, Wish.TROUBLE}
    willing = {who for each in channels if each.wish in wanted for who in each.recipients} - {without}
    others = set(everybody) - {without} if kind in FOR_READERS else set()
    assert set(told) == (willing or others)


def test_trouble_that_a_keeper_must_see_to_is_high():
    high = {kind for kind in NoticeKind if kind.severity is Severity.HIGH}
    refused = {NoticeKind.PACK_REFUSED, NoticeKind.CONFIGURATION_REFUSED}
    assert high == {NoticeKind.NETWORK_DOWN, NoticeKind.CHANNEL_PARKED} | refused
    assert high <= {kind for kind in NoticeKind if kind.is_trouble}
