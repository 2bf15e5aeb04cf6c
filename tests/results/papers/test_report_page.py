"""The web page: complete without a network, and accessible."""

import html
import importlib.util
import itertools
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from runs_for_papers import finished, program

from results.papers import web
from results.papers.paper import paper
from results.papers.run import Run, run_of
from results.tables import tables_of

FETCHES = {"src", "srcset", "poster", "data", "action", "background"}
AXE = """<script>%s</script><script>
axe.run(document).then(found => {
  const told = JSON.stringify({violations: found.violations.map(one => [one.id, one.nodes.map(node => node.html)]),
                               passes: found.passes.length});
  document.documentElement.innerHTML = '<pre id="told"></pre>';
  document.getElementById('told').textContent = told;
});</script></body>"""


@pytest.fixture(scope="module")
def run() -> Run:
    return run_of(finished())


@pytest.fixture(scope="module")
def page(run: Run) -> str:
    return web.page(run, paper(run))


class Tags(HTMLParser):
    """Every tag with its attributes, and the text of headings."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags_of(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.tags


def test_nothing_is_fetched(page: str) -> None:
    for tag, attributes in tags_of(page):
        assert tag not in ("script", "iframe", "object", "embed")
        for name, value in attributes.items():
            if name in FETCHES or (tag == "link" and name == "href"):
                assert str(value).startswith("data:"), (tag, name, value)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert not re.search(r"https?://", re.sub(r'src="data:[^"]*"', "", page))


def test_language_title_and_headings_in_order(page: str) -> None:
    tags = tags_of(page)
    assert dict(tags)["html"] == {"lang": "en-GB"}
    assert "<title>West Mercia 2022</title>" in page
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_links_lead_somewhere_and_the_first_skips_to_the_text(page: str) -> None:
    tags = tags_of(page)
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [str(attributes["href"]) for tag, attributes in tags if tag == "a"]
    assert links[0] == "#main"
    assert all(link.startswith("#") and link[1:] in ids for link in links)


def test_every_chart_is_there_with_its_words_and_data(run: Run, page: str) -> None:
    pictures = [attributes for tag, attributes in tags_of(page) if tag == "img"]
    assert len(pictures) == len(run.charts)
    for chart in run.charts:
        assert any(one["alt"] == f"{chart.picture} {chart.alternative}" for one in pictures)
        for text in (chart.title, chart.subtitle, chart.note):
            assert html.escape(text, quote=False).replace("'", "&#39;") in page
        assert f"Data of the chart: {html.escape(chart.title, quote=False)}".replace("'", "&#39;") in page


def test_every_table_has_a_caption_and_heads(run: Run, page: str) -> None:
    tables = re.findall(r"<table>.*?</table>", page, re.DOTALL)
    assert len(tables) > len(tables_of(run.ds)) + len(run.charts)
    opening = re.compile(r'<table>\s*<caption>.+?</caption>\s*<thead><tr>(<th scope="col">.+?</th>)+</tr></thead>')
    for table in tables:
        assert opening.match(table)
        assert '<th scope="row">' in table


def test_words_of_a_scenario_are_no_tags() -> None:
    run = run_of(finished().assign_attrs(question="Is <script>alert(1)</script> & more worth it?"))
    text = web.page(run, paper(run))
    assert "<script>" not in text
    assert "Is &lt;script&gt;alert(1)&lt;/script&gt; &amp; more worth it?" in text


def test_axe_finds_nothing(page: str, tmp_path: Path) -> None:
    told = axe(page, tmp_path)
    assert told["violations"] == []
    assert told["passes"] > 20


def test_axe_would_find_something(tmp_path: Path) -> None:
    told = axe('<!DOCTYPE html><html><head><title>x</title></head><body><img src="data:,"></body></html>', tmp_path)
    assert {"html-has-lang", "image-alt"} <= {name for name, _ in told["violations"]}


def axe(page: str, folder: Path) -> dict[str, Any]:
    """What axe-core finds on a page in a headless Chromium, with the tables opened and cut to their first rows, as a
    thousand rows alike take it minutes."""
    browser = program("chromium", "chromium-browser", "google-chrome")
    found = importlib.util.find_spec("axe_core_python")
    assert found
    assert found.origin
    source = (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8").replace("</script>", "<\\/script>")
    path = folder / "page.html"
    opened = re.sub(r"(<tbody>(?:\s*<tr>.*?</tr>){,3}).*?</tbody>", r"\1</tbody>", page, flags=re.DOTALL)
    opened = opened.replace("<details>", "<details open>")
    path.write_text(opened.replace("</body>", AXE.replace("%s", source)), encoding="utf-8", newline="\n")
    said = subprocess.run(
        [browser, "--headless=new", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'browser'}",
         "--virtual-time-budget=100000", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, encoding="utf-8", timeout=240, check=True,
    ).stdout  # fmt: skip
    told = re.search(r'<pre id="told">(.*?)</pre>', said, re.DOTALL)
    assert told, said[-500:]
    return dict(json.loads(html.unescape(told[1])))
