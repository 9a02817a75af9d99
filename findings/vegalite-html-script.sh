#!/bin/sh
# vl-convert writes a figure as one HTML file. A job is tagged with "</script><script>...": whoever may start a job can name it so.
# One would expect a bar of that name. The data is put into a script as it is, so the tag ends that script and begins one of its
# own, which a browser runs for everybody who opens the figure; the figure itself is not drawn. In JSON a < inside a text may be
# written \u003c. Altair's Chart.to_html, and so chart.save("figure.html"), does the same.
# smsearch/plots/output.py writes the HTML itself, because of this.
# Seen with vl-convert-python 1.9.0, altair 6.3.0.
. "$(dirname "$0")/lib"
in_packages 'altair==6.3.0 vl-convert-python==1.9.0.post1' <<'PYTHON'
import sys
from html.parser import HTMLParser

import altair
import vl_convert

print(f"vl-convert-python {vl_convert.__version__}, altair {altair.__version__}")
NAME = "</script><script>document.title='taken'</script>"
spec = {"data": {"values": [{"team": NAME, "jobs": 3}]}, "mark": "bar", "encoding": {"x": {"field": "jobs"}, "y": {"field": "team"}}}
spec["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json"


class Scripts(HTMLParser):
    """The texts of the scripts of a page, as a browser takes them apart."""

    def __init__(self):
        super().__init__()
        self.texts, self.is_inside = [], False

    def handle_starttag(self, tag, attrs):
        self.is_inside = tag == "script"

    def handle_endtag(self, tag):
        self.is_inside = False

    def handle_data(self, data):
        if self.is_inside:
            self.texts.append(data)


def runs(page):
    """Whether a script of the page is the one that the tag holds."""
    scripts = Scripts()
    scripts.feed(page)
    return "document.title='taken'" in scripts.texts


pages = {
    "vl_convert.vegalite_to_html": vl_convert.vegalite_to_html(spec, bundle=True),
    "altair.Chart.to_html": altair.Chart.from_dict(spec).to_html(),
}
for function, page in pages.items():
    print(f"{function}: the tag is {'a script that runs' if runs(page) else 'text'}")
sys.exit(0 if all(map(runs, pages.values())) else 1)
PYTHON
