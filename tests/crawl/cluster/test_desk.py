"""Which tasks go into an order: a site is in one at a time, nobody is overtaken, and nobody waits for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl.cluster.desk import Desk, Ticket
from spiders.items import Look, Read


def ticket(desk, number, url, *, look=False):
    task = Look(number, url) if look else Read(number, url)
    return Ticket(number, task, lambda _: None, desk.sites_of(task))


def put(desk, *urls, **named):
    made = [ticket(desk, str(n), url, **named) for n, url in enumerate(urls)]
    for one in made:
        desk.put(one)
    return made


def numbers(tickets):
    return [one.number for one in tickets]


def test_the_hosts_of_an_owner_are_one_site():
    desk = Desk()
    put(desk, "https://www.a.co.uk/1", "https://sport.a.co.uk/2", "https://b.example/3")
    assert numbers(desk.next(0, 1)) == ["0"]
    assert numbers(desk.next(0, 50)) == ["2"]
    assert desk.next(0, 50) == ()


def test_a_site_rests_after_its_order():
    desk = Desk()
    put(desk, "https://a.example/1", "https://a.example/2")
    desk.next(0, 1)
    assert desk.next(100, 1) == ()
    desk.release({"a.example": 105}, 100)
    assert desk.next(104.9, 1) == ()
    assert numbers(desk.next(105, 1)) == ["1"]


def test_few_pages_of_a_site_are_in_one_order():
    desk = Desk(per_site=3)
    put(desk, *(f"https://a.example/{n}" for n in range(5)), "https://b.example/")
    assert numbers(desk.next(0, 50)) == ["0", "1", "2", "5"]


def test_slow_sites_have_orders_of_their_own_with_one_task_each():
    desk = Desk()
    slow, other, *_ = put(
        desk,
        "https://slow.example/1",
        "https://other.example/1",
        "https://slow.example/2",
        "https://quick.example/",
    )
    desk.note(slow, rest=30, seconds=1)
    desk.note(other, rest=0, seconds=40)
    assert numbers(desk.next(0, 50)) == ["0", "1"]
    assert numbers(desk.next(0, 50)) == ["3"]
    desk.note(slow, rest=1, seconds=1)
    assert desk.rest_of("slow.example") == 0


def test_what_was_lost_more_than_once_goes_alone():
    desk = Desk()
    first, _, third = put(desk, "https://a.example/", "https://b.example/", "https://c.example/")
    first.losses = third.losses = 2
    assert [numbers(desk.next(0, 50)) for _ in range(3)] == [["0"], ["1"], ["2"]]


def test_a_task_that_leads_elsewhere_wants_all_its_sites_at_once():
    desk = Desk()
    (moved,) = put(desk, "https://a.example/feed", look=True)
    desk.next(0, 1)
    desk.lead(moved, ["b.example"])
    desk.release({"a.example": 0}, 0)
    desk.put(ticket(desk, "b", "https://b.example/1"))
    assert numbers(desk.next(0, 1)) == ["b"]
    desk.put(moved, first=True)
    assert desk.next(0, 1) == ()
    desk.release({"b.example": 0}, 0)
    assert numbers(desk.next(0, 1)) == ["0"]
    again = ticket(desk, "again", "https://a.example/feed", look=True)
    assert again.sites == {"a.example", "b.example"}


def test_whoever_waits_for_two_sites_is_not_overtaken_by_those_who_want_one():
    desk = Desk()
    (moved,) = put(desk, "https://a.example/feed", look=True)
    desk.lead(moved, ["b.example"])
    desk.put(ticket(desk, "b1", "https://b.example/1"))
    desk.withdraw("0")
    desk.next(0, 1)  # b1 holds b.example
    desk.put(moved)
    for number in ("a1", "a2", "b2"):
        desk.put(ticket(desk, number, f"https://{number[0]}.example/{number}"))
    assert desk.next(0, 50) == ()
    desk.release({"b.example": 0}, 0)
    assert numbers(desk.next(0, 50))[0] == "0"


@given(
    wants=st.lists(st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3), min_size=1, max_size=40),
    most=st.integers(1, 8),
    at_once=st.integers(1, 4),
    choose=st.randoms(use_true_random=False),
)
def test_no_site_is_in_two_orders_and_every_task_goes_in_the_end(wants, most, at_once, choose):
    desk = Desk()
    for number, sites in enumerate(wants):
        first, *others = sorted(sites)
        one = ticket(desk, str(number), f"https://{first}.example/{number}")
        one.sites |= {f"{other}.example" for other in others}
        desk.put(one)
    flying, done, now = [], [], 0.0
    while len(done) < len(wants):
        now += 1
        while len(flying) < at_once and (order := desk.next(now, most)):
            flying.append(order)
        assert flying, "nothing goes although nothing is under way"
        sites = [site for order in flying for site in {site for one in order for site in one.sites}]
        assert len(sites) == len(set(sites))
        landed = flying.pop(choose.randrange(len(flying)))
        done += landed
        desk.release({site: now + 1 for one in landed for site in one.sites}, now)
        now += 1
    assert sorted(map(int, numbers(done))) == list(range(len(wants)))
