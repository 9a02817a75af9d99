#!/bin/sh
# Altair looks a column up in the data frame to find its type. For the hyperparameter "optimizer.lr" it finds the column and says
# that it is quantitative, and one would expect a chart of it. Vega-Lite takes the dot for a level below "optimizer", so no job
# has an x: none is drawn, and nothing said. In a transform an aggregate takes the name as it is, and a filter does not. With
# optimizer\.lr:Q the jobs are drawn. ("validation:accuracy" raises, and the error says what to write.)
# Seen with altair 6.3.0, vl-convert-python 1.9.0.
. "$(dirname "$0")/lib"
in_packages 'altair==6.3.0 vl-convert-python==1.9.0.post1 pandas==3.1.1' <<'PYTHON'
import re
import sys

import altair
import pandas
import vl_convert

print(f"altair {altair.__version__}, vl-convert-python {vl_convert.__version__}")
jobs = pandas.DataFrame({"name": ["a", "b"], "optimizer.lr": [0.1, 0.2]})


def texts(chart):
    """What text marks the chart draws, without its axes."""
    svg = vl_convert.vegalite_to_svg(chart.to_json())
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg.partition("mark-text role-mark")[2].partition("</g>")[0])


text = altair.Chart(jobs).mark_text()
encoded = {name: text.encode(x=name, text="name") for name in ("optimizer.lr", r"optimizer\.lr:Q")}
drawn = {f"encoding {name}": texts(chart) for name, chart in encoded.items()}
largest = text.encode(text="best:N", y="name").transform_aggregate(best="max(optimizer.lr)", groupby=["name"])
drawn["transform_aggregate optimizer.lr"] = texts(largest)
above = text.encode(text="name").transform_filter(altair.FieldGTPredicate(field="optimizer.lr", gt=0.15))
drawn["transform_filter optimizer.lr"] = texts(above)
kind = encoded["optimizer.lr"].to_dict()["encoding"]["x"]
print(f"x='optimizer.lr' becomes {kind}")
for chart, marks in drawn.items():
    print(f"{chart}: {marks}")
expected = [[], ["a", "b"], ["0.1", "0.2"], []]
sys.exit(0 if kind["type"] == "quantitative" and list(drawn.values()) == expected else 1)
PYTHON
