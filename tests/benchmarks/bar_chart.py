# SPDX-FileCopyrightText: 2026 gst-rfc2435 contributors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Groups of bars as SVG."""

import math
from xml.sax.saxutils import escape

COLORS = ['#8d99a6', '#2a6fbb', '#49a078', '#d9822b', '#a05195', '#c8b560']
WIDTH, HEIGHT = 800, 380
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 96, 36


def round_step(largest):
    """A step of 1, 2 or 5 times a power of ten, for four to eight of them."""
    step = 10 ** math.floor(math.log10(largest))
    for divisor in 1, 2, 5:
        if largest / (step / divisor) >= 4:
            return step / divisor
    return step / 10


def bar_chart(title, unit, groups, series):
    """`series` maps a name to one value, or None, for each of `groups`."""
    largest = max(value for values in series.values() for value in values
                  if value is not None) or 1
    step = round_step(largest)
    top = math.ceil(largest / step) * step

    def y(value):
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)

    def text(x, baseline, content, anchor='start', size=12):
        return (f'<text x="{x:.1f}" y="{baseline:.1f}" font-size="{size}" '
                f'text-anchor="{anchor}">{escape(content)}</text>')

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" fill="#222">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        text(LEFT, 22, f'{title} ({unit})', size=15),
    ]
    for i, (color, name) in enumerate(zip(COLORS, series)):
        x, line = LEFT + i % 3 * 244, 36 + i // 3 * 18
        parts.append(f'<rect x="{x}" y="{line}" width="12" height="12" '
                     f'fill="{color}"/>')
        parts.append(text(x + 17, line + 11, name))

    for i in range(round(top / step) + 1):
        value = i * step
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" '
                     f'y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#ddd"/>')
        parts.append(text(LEFT - 6, y(value) + 4, f'{value:g}', 'end'))

    group_width = (WIDTH - LEFT - RIGHT) / len(groups)
    width = group_width * 0.8 / len(series)
    for i, group in enumerate(groups):
        start = LEFT + group_width * (i + 0.1)
        for k, (color, values) in enumerate(zip(COLORS, series.values())):
            if values[i] is None:
                continue
            x = start + k * width
            parts.append(
                f'<rect x="{x:.1f}" y="{y(values[i]):.1f}" '
                f'width="{width * 0.92:.1f}" '
                f'height="{y(0) - y(values[i]):.1f}" fill="{color}"/>')
            parts.append(text(x + width * 0.46, y(values[i]) - 4,
                              f'{values[i]:.0f}', 'middle', 11))
        parts.append(text(LEFT + group_width * (i + 0.5), HEIGHT - 14, group,
                          'middle'))
    return '\n'.join([*parts, '</svg>', ''])
