"""What is judged of the requests that came to a newsroom, and that the newsroom notes them as they were."""

from __future__ import annotations

import socket
import time

import pytest

from tests.bench.scale import visits
from tests.bench.scale.hosts import HOST, Newsroom
from tests.bench.scale.press import Press
from tests.bench.scale.visits import Visit
from tests.system.processes import wait_until

ASKED = "GET /feed.xml HTTP/1.1\r\nHost: x\r\nUser-Agent: {}\r\n\r\n"


def visit(begun, ended, place=0, *, torn=False):
    return Visit(place, "/feed.xml", begun, ended, torn)


def test_requests_to_one_host_one_after_another_are_one_at_a_time():
    assert visits.most_at_once([visit(0, 1), visit(1, 2), visit(0, 2, place=1)]) == 1


def test_a_request_beside_another_is_counted_and_so_is_one_that_still_waits():
    assert visits.most_at_once([visit(0, 2), visit(1, 3), visit(5, 6)]) == 2
    assert visits.most_at_once([visit(0, None), visit(1, 3)]) == 2


def test_the_rest_of_a_host_is_from_an_answer_to_the_next_request():
    came = [visit(0, 1), visit(1.5, 2), visit(1.1, 3, place=1), visit(9, 10), visit(10.2, 11)]
    assert visits.shortest_rest(came, torn=False) == pytest.approx(0.2)
    assert visits.shortest_rest(came, torn=True) is None


def test_the_rest_after_a_client_that_is_gone_is_told_apart():
    came = [visit(0, 1, torn=True), visit(1.01, 2), visit(3, 4)]
    assert visits.shortest_rest(came, torn=True) == pytest.approx(0.01)
    assert visits.shortest_rest(came, torn=False) == 1


def test_a_host_whose_client_was_gone_is_asked_again():
    came = [visit(0, 1, torn=True), visit(3, 4), visit(5, 6), visit(0, 2, place=1, torn=True)]
    assert visits.asked_again(came) == [2]


def test_a_lull_is_the_longest_time_without_any_request():
    assert visits.longest_lull([visit(1, 2), visit(7, 8), visit(8, 9, place=1)], 0, 10) == 6
    assert visits.longest_lull([], 2, 5) == 3


def test_looks_that_were_answered_in_a_window_are_counted():
    came = [
        visit(0, 1),
        visit(1, 2),
        visit(1.5, 2.5, torn=True),
        visit(2, None),
        visit(2, 3),
        Visit(1, "/a", 1, 2),
    ]
    assert visits.answered(came, 1, 3) == [1, 2]


def test_a_rate_does_not_depend_on_where_its_window_cuts_an_order_off():
    orders = [float(moment) for moment in range(0, 60, 4) for _ in range(16)]
    assert visits.a_second(orders) == pytest.approx(4, rel=0.02)
    assert visits.a_second(orders[:-16]) == pytest.approx(4, rel=0.02)


def test_a_fault_that_cut_requests_off_is_told_from_one_that_did_not():
    came = [visit(0, 1), visit(1, 2, torn=True)]
    assert visits.tore(came, 2, 3)
    assert not visits.tore(came, 2.1, 3)


def test_a_newsroom_notes_who_was_answered_and_who_was_gone_before(tmp_path):
    press = Press(sources=2, articles=4, begin=time.time() - 60, seconds=30)
    with Newsroom(press, 0.5, tmp_path) as room:
        asked = ASKED.format(f"Tumen ({room.contact})").encode()
        with socket.create_connection((HOST, room.ports[0])) as stranger:
            stranger.sendall(ASKED.format("somebody else").encode())
            assert not stranger.recv(65536)
        with socket.create_connection((HOST, room.ports[0])) as patient:
            patient.sendall(asked)
            answer = patient.recv(65536)
        with socket.create_connection((HOST, room.ports[1])) as hasty:
            hasty.sendall(asked)
            wait_until(lambda: len(room.visits()) == 2, 10)
            assert room.waiting() == 1
        wait_until(lambda: room.visits()[1].torn, 10)
        first, second = room.visits()
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.count(b"<item>") == 3
    assert (first.place, first.torn, second.place) == (0, False, 1)
    assert first.ended - first.begun >= 0.5
    assert second.ended is not None
