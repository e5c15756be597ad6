"""A person corrects stories under a running service."""

from __future__ import annotations

from tests.system.town import report


def test_what_a_person_moved_stays_there_and_what_is_alike_follows(desk, town, inbox):
    strike, ferry, again = report("strike"), report("ferry"), report("ferry", name="again")
    paper = town.paper("herald", strike, ferry)
    desk.watch(town, inbox)
    service = desk.start()
    desk.wait_for(lambda: desk.has_read(2), service)

    def story(piece):
        (row,) = desk.rows(f"SELECT story FROM articles WHERE url = '{paper.url(piece)}'")
        return row["story"]

    one, other = story(strike), story(ferry)
    assert one != other
    merged = desk.tumen("stories", "merge", str(other), str(one), "-c", str(desk.config))
    assert merged.returncode == 0, merged.stderr
    assert merged.stdout.startswith(f"story {other} is part of story {one}: 1 article\n")
    paper.publish(again)
    desk.wait_for(lambda: desk.has_read(3), service)
    assert story(again) == one
    (edit,) = desk.lines("stories", "split", str(one), paper.url(ferry), paper.url(again))
    assert (edit["story"], edit["into"]) == (one, other), "the story that was merged is opened again"
    assert desk.stop(service) == 143
    assert {row["story"] for row in desk.rows("SELECT story FROM alerts WHERE story != 0")} == {one, other}
    assert desk.rows("SELECT id, merged_into FROM stories WHERE merged_into IS NOT NULL") == []
