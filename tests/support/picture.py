"""Draws a terminal screen (pyte) as SVG: how the pictures of the README are taken from real runs."""

from html import escape

CELL_WIDTH, CELL_HEIGHT, MARGIN = 8.4, 18, 14
BACKGROUND, FOREGROUND = "#16181d", "#d7dae0"
COLOURS = {
    "black": "#3b4048", "red": "#f0717b", "green": "#8fce7e", "brown": "#e5c07b", "yellow": "#e5c07b",
    "blue": "#6cb6ff", "magenta": "#c88be8", "cyan": "#63c5c9", "white": "#d7dae0",
    "brightblack": "#7d8590", "brightred": "#ff8f98", "brightgreen": "#a8e69a", "brightbrown": "#f4d58d",
    "brightyellow": "#f4d58d", "brightblue": "#8cc8ff", "brightmagenta": "#dba6f5",
    "brightcyan": "#85dfe2", "brightwhite": "#ffffff",
}


def colour(name, default):
    if name == "default":
        return default
    return COLOURS.get(name, f"#{name}")


def runs(line, columns):
    """The cells of a line as (column, text, cell) for each stretch of equal looks."""
    start, text, looks = 0, "", None
    for column in range(columns):
        cell = line[column]
        now = (cell.fg, cell.bg, cell.bold, cell.italics, cell.reverse)
        if now != looks and text:
            yield start, text, looks
            start, text = column, ""
        looks = now
        text += cell.data
    if text:
        yield start, text, looks


def svg(screen, title=""):
    """The whole screen, down to its last line that shows anything."""
    shown = [row for row in range(screen.lines) if screen.display[row].strip()]
    lines = (shown[-1] if shown else 0) + 1
    width = screen.columns * CELL_WIDTH + 2 * MARGIN
    height = lines * CELL_HEIGHT + 2 * MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>',
        '<g font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="14" '
        'xml:space="preserve">',
    ]
    for row in range(lines):
        for column, text, (fg, bg, bold, italics, reverse) in runs(screen.buffer[row], screen.columns):
            front, back = colour(fg, FOREGROUND), colour(bg, BACKGROUND)
            if reverse:
                front, back = back, front
            x, y = MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT
            span = len(text) * CELL_WIDTH
            if back != BACKGROUND:
                out.append(f'<rect x="{x:.1f}" y="{y}" width="{span:.1f}" height="{CELL_HEIGHT}" fill="{back}"/>')
            if not text.strip():
                continue
            weight = ' font-weight="bold"' if bold else ""
            slant = ' font-style="italic"' if italics else ""
            shown_text = text.rstrip()
            length = len(shown_text) * CELL_WIDTH
            out.append(f'<text x="{x:.1f}" y="{y + 14}" textLength="{length:.1f}" fill="{front}"{weight}{slant}>'
                       f"{escape(shown_text)}</text>")
    return "\n".join([*out, "</g>", "</svg>", ""])
