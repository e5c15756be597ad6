"""The colours of charts can be told apart by every kind of eye, in the light and in the dark."""

from __future__ import annotations

import itertools
import math
import re

import pytest

from monitor.publish.charts.chart import COLOURS, REST, style

# How people see who lack one kind of cone: Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
EYES = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}
LIGHT, DARK = style().split("@media (prefers-color-scheme: dark)")[:2]


def named(sheet):
    found = re.findall(r"--chart-(\w+): (#[0-9a-f]{6})", sheet)
    return dict(reversed(found))


def linear(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def seen(colour, eye):
    """Lightness and the two axes of colour (CIE L*a*b*), as that eye sees it."""
    r, g, b = (
        min(max(sum(a * c for a, c in zip(row, linear(colour), strict=True)), 0), 1) for row in EYES[eye]
    )
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.0888,
    )
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def luminance(colour):
    r, g, b = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sheet", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("eye", EYES)
def test_every_two_colours_differ(sheet, eye):
    colours = [named(sheet)[str(number)] for number in range(1, 7)]
    for one, other in itertools.combinations(colours, 2):
        assert math.dist(seen(one, eye), seen(other, eye)) > 20, (one, other)


@pytest.mark.parametrize("sheet", [LIGHT, DARK], ids=["light", "dark"])
def test_neighbours_differ_in_lightness_too(sheet):
    colours = [named(sheet)[str(number)] for number in range(1, 7)]
    for one, other in itertools.pairwise(colours):
        assert abs(seen(one, "all cones")[0] - seen(other, "all cones")[0]) > 15


@pytest.mark.parametrize("sheet", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_stands_out_from_its_ground(sheet):
    colours = named(sheet)
    ground = colours["ground"]
    for name in ("1", "2", "3", "4", "5", "6", "rest"):
        assert contrast(colours[name], ground) >= 3, name
    assert contrast(colours["soft"], ground) >= 4.5


def test_a_drawing_without_its_sheet_has_the_colours_of_the_light():
    assert [colour.value for colour in COLOURS] == [named(LIGHT)[str(number)] for number in range(1, 7)]
    assert named(LIGHT)["rest"] == REST.value
