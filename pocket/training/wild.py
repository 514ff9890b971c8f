"""Scenes beyond the painter's world, for the eyes: anything anywhere, with shapes that nobody could name among it."""

import math
import random
from dataclasses import dataclass

from PIL import Image

from pocket.drawing import OUTLINES, Mark, Outline, draw_marks
from pocket.grammar import SIDE, Grammar, Rgb, contrast, load_grammar
from pocket.layout import apart
from pocket.sight import OTHER
from pocket.world import Scene, Thing

FAINTEST = 24.0
"""Least contrast (CIE76) of a thing with what lies behind it; a painter may paint what the world never draws."""
OTHER_SHARE = 0.12
"""Share of things that have no nameable shape."""
SHEET_SHARE = 0.03
"""Share of views that are an empty sheet of any colour."""
RADII = (9, 31)
"""Least and greatest radius in pixels; those between the sizes of the world are named after the nearest."""
STRETCH = 0.12
"""Most that a shape is wider or narrower than the world's, as a share of its width."""
TILT = math.radians(6)
"""Most that a shape is turned."""
TINT = 9
"""Most that a channel of a colour strays from the grammar's, in [0, 255]."""


@dataclass(frozen=True)
class View:
    """A picture and what is in it."""

    picture: Image.Image
    things: tuple[Thing, ...]
    background: str


def world_view(scene: Scene, chance: random.Random) -> View:
    """Draw a scene of the painter's world with slightly strayed colours."""
    return _view(scene.things, scene.background, chance)


def wild_view(chance: random.Random) -> View:
    """Compose and draw up to six unrelated things, now and then on a sheet of no background's colour at all."""
    grammar = load_grammar()
    if chance.random() < SHEET_SHARE:
        return _empty_sheet(grammar, chance)
    background = chance.choice(list(grammar.backgrounds))
    number = chance.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 6))
    things: list[Thing] = []
    for _ in range(40):
        thing = _thing(grammar, chance, grammar.backgrounds[background].rgb)
        if len(things) < number and _clear([*things, thing]):
            things.append(thing)
    nested = [inner for thing in things for inner in _inside(thing, grammar, chance)]
    return _view((*things, *nested), background, chance)


def _empty_sheet(grammar: Grammar, chance: random.Random) -> View:
    rgb = chance.randrange(256), chance.randrange(256), chance.randrange(256)
    nearest = min(grammar.backgrounds, key=lambda name: contrast(grammar.backgrounds[name].rgb, rgb))
    return View(draw_marks(rgb, []), (), nearest)


def _thing(grammar: Grammar, chance: random.Random, behind: Rgb) -> Thing:
    shape = OTHER if chance.random() < OTHER_SHARE else chance.choice(list(grammar.shapes))
    colours = [name for name, colour in grammar.colours.items() if contrast(colour.rgb, behind) >= FAINTEST]
    radius = math.exp(chance.uniform(*map(math.log, RADII)))
    size = min(grammar.sizes, key=lambda name: abs(math.log(grammar.sizes[name].radius / radius)))
    radius /= SIDE
    x, y = (chance.uniform(radius, 1 - radius) for _ in range(2))
    return Thing(shape, chance.choice(colours), size, x, y, radius)


def _clear(things: list[Thing]) -> bool:
    return apart([(thing.x, thing.y) for thing in things], [thing.radius for thing in things])


def _inside(thing: Thing, grammar: Grammar, chance: random.Random) -> list[Thing]:
    if thing.size != "large" or thing.shape not in grammar.containers or chance.random() < 0.5:
        return []
    inner = _thing(grammar, chance, grammar.colours[thing.colour].rgb)
    radius = grammar.sizes["small"].radius * chance.uniform(0.9, 1.1) / SIDE
    x, y = (centre + chance.uniform(-0.02, 0.02) for centre in (thing.x, thing.y))
    return [Thing(inner.shape, inner.colour, "small", x, y, radius)]


def _view(things: tuple[Thing, ...], background: str, chance: random.Random) -> View:
    grammar = load_grammar()
    marks = [
        Mark(
            _outline(thing, chance), _tinted(grammar.colours[thing.colour].rgb, chance), thing.x, thing.y, thing.radius
        )
        for thing in things
    ]
    return View(draw_marks(_tinted(grammar.backgrounds[background].rgb, chance), marks), things, background)


def _outline(thing: Thing, chance: random.Random) -> Outline:
    if thing.shape != OTHER:
        return _varied(OUTLINES[thing.shape](), chance)
    return chance.choice((_blob, _fusion, _fragment))(chance)


def _varied(outline: Outline, chance: random.Random) -> Outline:
    """Stretch and turn a shape a little, since others draw it otherwise."""
    if chance.random() < 0.5:
        return outline
    wide, turn = 1 + chance.uniform(-STRETCH, STRETCH), chance.uniform(-TILT, TILT)
    across, down = math.cos(turn), math.sin(turn)
    return [
        ([(x * wide * across - y * down, x * wide * down + y * across) for x, y in points], ink)
        for points, ink in outline
    ]


def _blob(chance: random.Random) -> Outline:
    """Draw a round lump with random bulges."""
    waves = [(order, chance.uniform(0.12, 0.3), chance.uniform(0, 2 * math.pi)) for order in (2, 3, 4)]
    points = []
    for corner in range(72):
        turn = 2 * math.pi * corner / 72
        radius = 0.75 + sum(height * math.sin(order * turn + phase) for order, height, phase in waves)
        points.append((radius * math.cos(turn), radius * math.sin(turn)))
    return [(points, 255)]


def _fusion(chance: random.Random) -> Outline:
    """Draw two different shapes run into one."""
    first, second = chance.sample([name for name in OUTLINES if name != "ring"], 2)
    away = chance.uniform(0.35, 0.5)
    return [
        ([(x * 0.7 + shift, y * 0.7) for x, y in points], ink)
        for name, shift in ((first, -away), (second, away))
        for points, ink in OUTLINES[name]()
        if ink
    ]


def _fragment(chance: random.Random) -> Outline:
    """Draw a shape with a bite or a slice missing."""
    whole = OUTLINES[chance.choice(("circle", "square", "heart", "star", "cross", "diamond"))]()
    turn = chance.uniform(0, 2 * math.pi)
    x, y = math.cos(turn), math.sin(turn)
    cut = [(x * 0.15 - y * 2, y * 0.15 + x * 2), (x * 2 - y * 2, y * 2 + x * 2), (x * 2 + y * 2, y * 2 - x * 2)]
    return [*whole, ([*cut, (x * 0.15 + y * 2, y * 0.15 - x * 2)], 0)]


def _tinted(rgb: Rgb, chance: random.Random) -> Rgb:
    red, green, blue = (min(255, max(0, channel + chance.randint(-TINT, TINT))) for channel in rgb)
    return red, green, blue
