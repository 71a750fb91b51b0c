"""Bits against divergence as a picture: SVG, written by hand so that nothing has to be installed for it."""

import math
from html import escape

WIDTH, HEIGHT = 960, 640
LEFT, RIGHT, TOP, BOTTOM = 70, 90, 60, 50
# Colour, shape and name of each set of points.
SETS = {
    ("peers", False): ("#8a8f98", "circle", "peers, data-free"),
    ("peers", True): ("#c0732b", "circle", "peers, calibrated"),
    ("ours", False): ("#2b6cc0", "diamond", "ours, data-free"),
    ("ours", True): ("#1c8a4b", "diamond", "ours, calibrated"),
}
STYLE = """\
text { font: 12px sans-serif; fill: #333 }
.name { font-size: 9px; fill: #666 }
.grid { stroke: #ddd; stroke-width: 1 }
.front { fill: none; stroke-width: 1.5; stroke-opacity: .6 }"""


def plot(results):
    """The picture as text."""
    points = [result for result in results if result["kldMean"] > 0]
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"/>\n'
    least_bits = math.floor(min(point["storedBits"] for point in points) * 2) / 2
    most_bits = math.ceil(max(point["storedBits"] for point in points) * 2) / 2
    low = math.floor(math.log10(min(point["kldMean"] for point in points)))
    high = math.ceil(math.log10(max(point["kldMean"] for point in points)))

    def x(bits):
        return LEFT + (bits - least_bits) / max(most_bits - least_bits, 0.5) * (WIDTH - LEFT - RIGHT)

    def y(divergence):
        return TOP + (high - math.log10(divergence)) / max(high - low, 1) * (HEIGHT - TOP - BOTTOM)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
        f"<style>\n{STYLE}\n</style>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        *axes(x, y, least_bits, most_bits, low, high),
    ]
    labels = Labels()
    for number, (key, (color, shape, name)) in enumerate(SETS.items()):
        members = [point for point in points if (point["side"], point["calibrated"]) == key]
        corners = " ".join(f"{x(p['storedBits']):.1f},{y(p['kldMean']):.1f}" for p in frontier(members))
        if corners:
            lines.append(f'<polyline class="front" stroke="{color}" points="{corners}"/>')
        for point in members:
            lines += marker(x(point["storedBits"]), y(point["kldMean"]), color, shape, point, labels)
        place = LEFT + number * 170
        lines += marker(place + 6, 24, color, shape)
        lines.append(f'<text x="{place + 16}" y="28">{name}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def frontier(points):
    """Those that no other point of the set beats in both bits and divergence, by bits."""
    best = math.inf
    for point in sorted(points, key=lambda point: (point["storedBits"], point["kldMean"])):
        if point["kldMean"] < best:
            best = point["kldMean"]
            yield point


def axes(x, y, least_bits, most_bits, low, high):
    """Lines at whole bits and at 1, 2 and 5 of each decade, with their numbers."""
    for bits in range(math.ceil(least_bits), math.floor(most_bits) + 1):
        yield f'<line class="grid" x1="{x(bits):.1f}" x2="{x(bits):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        yield f'<text x="{x(bits):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{bits}</text>'
    for decade in range(low, high + 1):
        for step in (1, 2, 5):
            value = step * 10.0**decade
            if value > 10.0**high:
                break
            yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
            yield f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">stored bits of a linear weight</text>'
    upright = f'transform="rotate(-90 16 {HEIGHT / 2})"'
    yield f'<text x="16" y="{HEIGHT / 2}" text-anchor="middle" {upright}>mean KL, nats</text>'


class Labels:
    """Names that are written already; one that would lie on another is left to the tooltip."""

    def __init__(self):
        self._boxes = []

    def has_room(self, x, y, text):
        right = x + 5 * len(text)
        if any(x < other[1] and other[0] < right and abs(y - other[2]) < 9 for other in self._boxes):
            return False
        self._boxes.append((x, right, y))
        return True


def marker(x, y, color, shape, point=None, labels=None):
    """A point with its name beside it and its figures as a tooltip; without either for the legend."""
    if shape == "circle":
        drawn = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"'
    else:
        drawn = f'<path d="M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z" fill="{color}"'
    if point is None:
        yield drawn + "/>"
        return
    label = escape(point["label"])
    yield f"{drawn}><title>{label}: {point['storedBits']:.3f} bits, {point['kldMean']:.5f} nats</title>"
    yield "</circle>" if shape == "circle" else "</path>"
    short = label.replace("llama.cpp ", "").replace("round to nearest, ", "").replace(" on flattened rows", " flat")
    if labels.has_room(x + 7, y, short):
        yield f'<text class="name" x="{x + 7:.1f}" y="{y + 3:.1f}">{short}</text>'
