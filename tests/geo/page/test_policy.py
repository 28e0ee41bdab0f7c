"""The policy names the page's own scripts and nothing else; anything loaded from outside is found."""

from __future__ import annotations

import base64
import hashlib
import html as html_module
import re

import pytest

from geo.errors import PageError
from geo.page.bundle import page
from geo.page.policy import content_policy, outside_addresses, script_hashes, tile_host


def policy_of(page_html: str) -> dict[str, list[str]]:
    metas = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page_html)
    assert len(metas) == 1
    parts = [part.split() for part in html_module.unescape(metas[0]).split(";")]
    return {name: values for name, *values in parts}


def test_the_policy_forbids_everything_but_the_page_itself(make_payload):
    policy = policy_of(page(make_payload(), {}))
    assert policy["default-src"] == ["'none'"]
    assert policy["connect-src"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'none'"]
    assert policy["worker-src"] == ["blob:"]
    assert policy["img-src"] == ["data:", "blob:"]
    assert policy["style-src"] == ["'unsafe-inline'"]
    assert all(source.startswith("'sha256-") for source in policy["script-src"])


def test_every_script_that_runs_is_named_by_its_hash(make_payload):
    text = page(make_payload(), {})
    scripts = re.findall(
        r'<script id="contraflow-(?:leaflet|js-[a-z-]+|ui-[a-z0-9-]+)">(.*?)</script>', text, re.DOTALL
    )
    expected = ["'sha256-" + base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() + "'" for s in scripts]
    assert policy_of(text)["script-src"] == expected


def test_data_elements_need_no_hash():
    page_html = '<script type="text/plain">x</script><script type="application/json">{}</script><script>run()</script>'
    assert script_hashes(page_html) == script_hashes("<script>run()</script>")
    assert len(script_hashes(page_html)) == 1


def test_tiles_open_one_host_for_images_and_no_more(make_payload):
    text = page(make_payload(tiles="https://{s}.tile.example.org/{z}/{x}/{y}.png"), {})
    policy = policy_of(text)
    assert policy["img-src"] == ["data:", "blob:", "https://*.tile.example.org"]
    assert policy["connect-src"] == ["'none'"]
    assert tile_host("http://localhost:8080/{z}/{x}/{y}.png") == "http://localhost:8080"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://example.org/{z}/{x}/{y}", "https://example.org/tiles", "https://a b/{z}/{x}/{y}", "javascript:{z}{x}{y}",
        "https://example.org/{z}/{x}/{y};script-src *", "https://*/{z}/{x}/{y}", "//example.org/{z}/{x}/{y}",
    ],
)  # fmt: skip
def test_an_address_that_is_no_template_is_refused(address):
    with pytest.raises(PageError, match="expected an address such as"):
        content_policy([], address)


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://example.org/a.png">', "<img src=//example.org/a.png>", "<script src='x.js'></script>",
        '<link rel="stylesheet" href="https://example.org/x.css">', "<iframe src=https://example.org>", "<base href=x>",
        "<style>@import 'https://example.org/x.css'</style>",
        "<style>a { mask: url( 'https://example.org/a' ) }</style>",
        '<div style="background:url(//example.org/a)">', "<form action=https://example.org>", "<video poster=a.png>",
        "<svg><image xlink:href='https://example.org/a.svg'/></svg>", "<object data=a.swf>", "<img srcset='a.png 2x'>",
    ],
)  # fmt: skip
def test_what_a_browser_would_load_is_found(markup):
    assert outside_addresses(f"<body>{markup}</body>")


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='https://leafletjs.com'>Leaflet</a>", "<img src='data:image/png;base64,AA'>",
        "<svg><use href='#a'/></svg>", "<script>fetch('https://example.org')</script>",
        "<style>a { background: url(data:image/png;base64,AA) }</style>",
    ],
)  # fmt: skip
def test_links_and_what_the_page_holds_are_not(markup):
    assert outside_addresses(f"<body>{markup}</body>") == []


def test_the_page_itself_has_none(make_payload):
    text = page(make_payload(), {})
    assert outside_addresses(re.sub(r'<script type="text/plain".*?</script>', "", text)) == []
