"""The page: what a person sees of it, a row of a table in a line."""
import html.parser
import tempfile

import common
import people

BLOCKS = {"tr", "p", "li", "h1", "h2", "h3", "summary", "figcaption", "section"}


class Visible(html.parser.HTMLParser):
    """The text of a page without its scripts and styles."""

    def __init__(self):
        super().__init__()
        self.hidden = 0
        self.text = []

    def handle_starttag(self, tag, attrs):
        self.hidden += tag in ("script", "style")
        self.text.append("\n" if tag in BLOCKS else " ")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(" ".join(data.split("\n")))


result, path = common.arguments()
visible = Visible()
with open(path, encoding="utf-8", newline="") as stream:
    visible.feed(stream.read())
with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="") as text:
    text.write("".join(visible.text))
    text.flush()
    people.check(result, text.name, lambda name: name)
