"""What Block Kit means on the page: every kind of block and element, and text that means harm."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pabot.sandbox import charts, render
from pabot.sandbox.mrkdwn import Viewer, mrkdwn, said

NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # noon in New York
VIEWER = Viewer(
    now=NOON,
    zone=ZoneInfo("America/New_York"),
    users={"U1": "Rosa Testa", "U2": "Dr. Ada Example"},
    channels={"C1": "prior-auth"},
)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; onload='alert(1)",
    "O'Brien & Sons <b>",
    "שלום ‮ right to left",
    "*bold* _under_ ~gone~ `code`",
    "{{ 7 * 7 }} {% raw %}",
]


def words(text: str) -> str:
    return str(mrkdwn(text, VIEWER))


def draw(*blocks: Mapping[str, Any]) -> str:
    return str(render.blocks(blocks, VIEWER, "V1"))


def seen(html: str) -> str:
    """What a person reads: the markup without its tags."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))).strip()


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def mark(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def option(value: str, label: str) -> dict[str, Any]:
    return {"text": plain(label), "value": value}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "b", "label": plain("Payer"), "element": element, **more}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*due today*", "<strong>due today</strong>"),
        ("_for information_", "<em>for information</em>"),
        ("~entered in error~", "<s>entered in error</s>"),
        ("`PA-1042`", "<code>PA-1042</code>"),
        ("*bold with _italic_ inside*", "<strong>bold with <em>italic</em> inside</strong>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("a &lt;b&gt; &amp; c", "a &lt;b&gt; &amp; c"),
        ("&amp;lt;", "&amp;lt;"),
        ("one\ntwo", "one<br>two"),
        ("&gt; said\n&gt; so\nno more", "<blockquote>said<br>so</blockquote>no more"),
        ("before ```*raw*\nline``` after", "before <pre>*raw*\nline</pre> after"),
        (":warning: late", "⚠️ late"),
        (":no_such_emoji: 10:30:00", ":no_such_emoji: 10:30:00"),
        ("<@U2>", '<span class="mention">@Dr. Ada Example</span>'),
        ("<@U9|someone>", '<span class="mention">@someone</span>'),
        ("<#C1>", '<span class="mention">#prior-auth</span>'),
        ("<!channel>", '<span class="mention">@channel</span>'),
        ("&lt;!channel&gt;", "&lt;!channel&gt;"),
    ],
)
def test_mrkdwn_reads_as_in_slack(text: str, html: str) -> None:
    assert words(text) == html


def test_a_link_shows_its_words_and_only_safe_schemes_are_links() -> None:
    assert 'href="https://payer.example/a_b_c?x=1&amp;y=2"' in words(
        "<https://payer.example/a_b_c?x=1&amp;y=2|the *portal*>"
    )
    assert "<strong>portal</strong>" in words("<https://payer.example|the *portal*>")
    assert "<a" not in words("<javascript:alert(1)|press me>")
    assert "<a" not in words("<data:text/html,x|press me>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<!date^1795453200^{date_num} {time}|then>", "2026-11-23 12:00 PM"),
        ("<!date^1795453200^{date_short_pretty} at {time}|then>", "today at 12:00 PM"),
        ("<!date^1795366800^{date_pretty}|then>", "yesterday"),
        ("<!date^1795798800^{date_long}|then>", "Friday, November 27, 2026"),
        ("<!date^1795449600^{ago}|then>", "1 hour ago"),
        ("<!date^soon^{date}|whenever>", "whenever"),
    ],
)
def test_a_date_is_shown_on_the_viewers_clock(text: str, shown: str) -> None:
    assert said(text, VIEWER) == shown


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_wherever_it_stands(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    everywhere = draw(
        {"type": "header", "text": plain(text)},
        {"type": "section", "block_id": text, "text": mark(escaped), "fields": [plain(text)]},
        {"type": "context", "elements": [plain(text)]},
        {"type": "rich_text", "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}]},
        {"type": "markdown", "text": text},
        {"type": "alert", "text": plain(text)},
        {"type": "image", "image_url": text, "alt_text": text, "title": plain(text)},
        {"type": "table", "rows": [[{"type": "raw_text", "text": text}]]},
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                {"type": "button", "action_id": text, "value": text, "text": plain(text), "confirm": {
                    "title": plain(text), "text": mark(text), "confirm": plain(text), "deny": plain(text)}},
                {"type": "static_select", "action_id": "s", "placeholder": plain(text),
                 "options": [option(text, text)]},
                {"type": "multi_static_select", "action_id": "m", "options": [option(text, text)]},
            ],
        },
        field({"type": "plain_text_input", "action_id": "p", "initial_value": text, "placeholder": plain(text)}),
        field({"type": "plain_text_input", "action_id": "p", "initial_value": text, "multiline": True}),
    )  # fmt: skip
    tags = set(re.findall(r"<([a-z0-9]+)", everywhere))
    assert not tags & {"script", "b"}
    assert not re.search(
        r"<[^>]*\son\w+\s*=(?=[^\"]*(?:\"[^\"]*\"[^\"]*)*>)", re.sub(r'"[^"]*"|\'[^\']*\'', '""', everywhere)
    )
    assert everywhere.count("<img") == 1
    assert "49" not in everywhere


def test_a_raw_angle_bracket_in_mrkdwn_is_no_tag() -> None:
    assert words("<script>alert(1)</script>") == "&lt;script&gt;alert(1)&lt;/script&gt;"


def test_section_fields_and_accessory() -> None:
    html = draw(
        {
            "type": "section",
            "block_id": "s",
            "text": mark("*PA-1042*"),
            "fields": [mark("*Payer*\nNorthwind"), plain("*plain*")],
            "accessory": {"type": "button", "action_id": "open", "text": plain("Open"), "value": "1042"},
        }
    )
    assert seen(html) == "PA-1042 Payer Northwind *plain* Open"
    assert 'data-block="s" data-action="open" data-value="1042"' in html


def test_buttons_carry_their_style_their_confirmation_and_their_links() -> None:
    confirm = {
        "title": plain("Accept?"),
        "text": mark("The *appeal* is given up"),
        "confirm": plain("Accept"),
        "deny": plain("No"),
    }
    html = draw(
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                {"type": "button", "action_id": "x", "text": plain("Accept"), "style": "danger", "confirm": confirm},
                {"type": "button", "action_id": "y", "text": plain("Portal"), "url": "https://payer.example"},
            ],
        }
    )
    assert 'class="button danger"' in html
    assert "Accept?" in html
    assert '<a class="button" href="https://payer.example"' in html


def test_menus_in_actions_are_named_by_their_placeholder() -> None:
    html = draw(
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                {
                    "type": "static_select",
                    "action_id": "s",
                    "placeholder": plain("Open a request"),
                    "options": [option("1", "PA-1")],
                },
                {
                    "type": "external_select",
                    "action_id": "e",
                    "placeholder": plain("Find a payer"),
                    "min_query_length": 0,
                },
                {"type": "overflow", "action_id": "o", "options": [option("h", "Hand over")]},
                {"type": "datepicker", "action_id": "d", "initial_date": "2026-12-01"},
            ],
        }
    )
    assert 'aria-label="Open a request"' in html
    assert 'aria-label="Find a payer"' in html
    assert 'role="menuitem"' in html
    assert 'value="2026-12-01"' in html


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"type": "plain_text_input", "max_length": 20, "initial_value": "x"}, 'data-longest="20"'),
        ({"type": "plain_text_input", "multiline": True, "initial_value": "\nkept"}, "\n\nkept</textarea>"),
        ({"type": "number_input", "is_decimal_allowed": False}, 'inputmode="numeric"'),
        ({"type": "email_text_input"}, 'type="email"'),
        ({"type": "url_text_input"}, 'type="url"'),
        ({"type": "datepicker"}, 'type="date"'),
        ({"type": "timepicker", "initial_time": "08:30"}, 'value="08:30"'),
        ({"type": "datetimepicker", "initial_date_time": 1795453200}, 'value="2026-11-23T12:00"'),
        ({"type": "users_select", "initial_user": "U2"}, '<option value="U2" selected>Dr. Ada Example'),
        ({"type": "conversations_select", "initial_conversation": "C1"}, '<option value="C1" selected>#prior-auth'),
        ({"type": "channels_select"}, '<option value="C1">#prior-auth'),
        ({"type": "multi_users_select", "initial_users": ["U1"]}, '"label": "Rosa Testa"'),
        ({"type": "multi_external_select", "min_query_length": 0}, 'data-least="0"'),
        ({"type": "external_select"}, 'data-least="3"'),
        ({"type": "file_input", "filetypes": ["pdf"]}, 'accept=".pdf"'),
        ({"type": "rich_text_input"}, "<textarea"),
        (
            {"type": "radio_buttons", "options": [option("a", "Imaging")], "initial_option": option("a", "Imaging")},
            " checked",
        ),
        ({"type": "checkboxes", "options": [option("a", "I attest")]}, 'type="checkbox"'),
    ],
)
def test_every_input_is_drawn(element: dict[str, Any], expected: str) -> None:
    html = draw(field({"action_id": "payer", **element}, hint=plain("As on the card"), optional=True))
    assert expected in html
    assert "As on the card" in html
    assert "(optional)" in html
    assert 'data-field="b"' in html


def test_a_label_is_bound_to_its_control_and_its_error() -> None:
    html = draw(field({"type": "plain_text_input", "action_id": "payer"}))
    assert 'for="V1-b"' in html
    assert 'id="V1-b"' in html
    assert 'aria-describedby="V1-b-hint V1-b-error"' in html
    assert 'aria-required="true"' in html


def test_option_groups_and_initial_options() -> None:
    html = draw(
        field(
            {
                "type": "static_select",
                "action_id": "plan",
                "option_groups": [{"label": plain("Northwind"), "options": [option("1", "HMO"), option("2", "PPO")]}],
                "initial_option": option("2", "PPO"),
            }
        )
    )
    assert '<optgroup label="Northwind">' in html
    assert '<option value="2" selected>PPO' in html


def test_a_data_table_keeps_numbers_to_sort_by() -> None:
    rows = [
        [{"type": "raw_text", "text": "Payer"}, {"type": "raw_text", "text": "Days"}],
        [{"type": "raw_text", "text": "Northwind"}, {"type": "raw_number", "value": 12.5, "text": "12½"}],
    ]
    html = draw({"type": "data_table", "caption": "Late by payer", "rows": rows, "page_size": 10})
    assert "<caption>Late by payer</caption>" in html
    assert 'data-page-size="10"' in html
    assert 'data-value="12.5"' in html
    assert 'scope="row"' in html
    assert "12½" in html


@pytest.mark.parametrize("kind", ["bar", "line", "area"])
def test_a_chart_says_its_figures_in_words_too(kind: str) -> None:
    data = [{"label": "Draft", "value": 3}, {"label": "Denied", "value": 7}]
    chart = {
        "type": kind,
        "series": [{"name": "Open", "data": data}, {"name": "Late", "data": data}],
        "axis_config": {"categories": ["Draft", "Denied"], "x_label": "Status", "y_label": "Requests"},
    }
    html = draw({"type": "data_visualization", "title": "By status", "chart": chart})
    assert 'aria-label="By status: Open: Draft 3, Denied 7; Late: Draft 3, Denied 7"' in html
    assert html.count("<rect" if kind == "bar" else "<circle") == 4
    assert "Requests" in seen(html)


def test_a_pie_is_a_whole() -> None:
    segments = [{"label": "Approved", "value": 3}, {"label": "Denied", "value": 1}]
    assert [slice_.share for slice_ in charts.pie(segments)] == [75, 25]
    html = draw({"type": "data_visualization", "title": "Outcomes", "chart": {"type": "pie", "segments": segments}})
    assert "Approved 3 · 75%" in seen(html)
    assert "NaN" not in draw(
        {"type": "data_visualization", "title": "All", "chart": {"type": "pie", "segments": segments[:1]}}
    )


@pytest.mark.parametrize("values", [[0, 0], [5, 5], [0.2, 0.7], [-3, 4], [1200, 50]])
def test_bars_stay_within_the_drawing(values: list[float]) -> None:
    data = [{"label": str(index), "value": value} for index, value in enumerate(values)]
    chart = {"type": "bar", "series": [{"name": "n", "data": data}], "axis_config": {"categories": ["0", "1"]}}
    drawn = charts.axis_chart(chart)
    for bar in drawn.series[0].marks:
        assert charts.TOP <= bar.y <= bar.y + bar.height <= charts.FLOOR
        assert charts.LEFT <= bar.x <= bar.x + bar.width <= charts.WIDTH
    assert len({words for _, words in drawn.ticks}) == len(drawn.ticks)


def test_card_carousel_container_alert_and_the_rest() -> None:
    card = {"type": "card", "block_id": "c", "title": mark("*PA-7*"), "body": mark("MRI"),
            "subtext": plain("2 days left"),
            "actions": [{"type": "button", "action_id": "go", "text": plain("Decide")}]}  # fmt: skip
    assert seen(draw(card)) == "PA-7 MRI Decide 2 days left"
    assert seen(draw({"type": "carousel", "elements": [card, card]})).count("PA-7") == 2
    inside = {
        "type": "container",
        "title": plain("Waiting"),
        "is_collapsible": True,
        "child_blocks": [card, {"type": "divider"}],
    }
    assert "<details" in draw(inside)
    assert "PA-7" in draw(inside)
    assert 'role="alert"' in draw({"type": "alert", "level": "error", "text": mark("Too *late*")})
    assert 'alt="a chart"' in draw({"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a chart"})
    assert "<h2>Plan</h2>" in draw({"type": "markdown", "text": "## Plan\n\n- one"})
    assert "does not draw it" in draw({"type": "layout"})


def test_rich_text() -> None:
    html = draw(
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [
                    {"type": "text", "text": "late", "style": {"bold": True, "italic": True}},
                    {"type": "user", "user_id": "U2"}, {"type": "emoji", "name": "fire"},
                    {"type": "link", "url": "javascript:x", "text": "no link"},
                ]},
                {"type": "rich_text_list", "style": "ordered", "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]}]},
                {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a\nb"}]},
            ],
        }
    )  # fmt: skip
    assert "<strong><em>late</em></strong>" in html
    assert "@Dr. Ada Example" in html
    assert "🔥no link" in html
    assert re.search(r"<ol[^>]*><li>first</li></ol>", html)
