"""The node `notify`: one message, safe headers, once per key."""

from __future__ import annotations

import email
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from orderloom.declare import NodeError
from orderloom.model import Carrier, Order, Package, Party, Shipment, ShipmentLine
from orderloom.problems import Place, ProblemsError
from orderloom.testing import MailKept
from orderloom.world import CallLog, FixedClock, World
from orderloom.world.mail import Outbox
from orderloom_nodes.notify import Sent, notify
from orderloom_nodes.notify.templates import MessageTemplate
from orderloom_nodes.notify.values import member
from tests.nodes.making import MONDAY
from tests.nodes.orders import good_order

ANN = Party(first_name="Ann", last_name="Lee", email="Ann@EXAMPLE.test")


def template(name: str, *folders: Path) -> MessageTemplate:
    return MessageTemplate.load_setting(name, Place("flow.yaml", 3, 5), folders)


def written(folder: Path, text: str, html: str | None = None, name: str = "own") -> MessageTemplate:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / f"templates/{name}.txt").write_text(text, encoding="utf-8")
    if html is not None:
        (folder / f"templates/{name}.html").write_text(html, encoding="utf-8")
    return template(name, folder)


def send(chosen: MessageTemplate, to: Any, data: Any, key: str = "k1") -> tuple[Sent, EmailMessage, World]:
    mail = MailKept()
    world = World(FixedClock(MONDAY), {"mail": mail}, key=key, log=CallLog())
    sent = notify(chosen, to, data, world)
    return sent, mail.messages[key], world


def shipment() -> Shipment:
    return Shipment(
        shipment_id="s1",
        order_id="shopify:main:1",
        location_id="louisville",
        lines=(ShipmentLine(line_id="1", sku="MUG", quantity=2),),
        carrier=Carrier(carrier_code="dhl", service_code="express"),
        packages=(Package(package_id="p1", tracking_number="PN1"),),
    )


def order() -> Order:
    return good_order(order_number="#1001")


def test_a_message_bears_the_order_its_parcels_and_both_forms_of_text(tmp_path: Path) -> None:
    sent, message, world = send(template("shipped"), ANN, {"order": order(), "shipments": [shipment()]})

    text, html = (part.get_content() for part in message.iter_parts())
    assert message["Subject"] == "Your order #1001 is on its way"
    assert message["To"] == "Ann Lee <Ann@example.test>"
    assert message["Date"] == "Mon, 30 Nov 2026 15:00:00 +0000"
    assert "tracking number PN1" in text
    assert "<li>2 × MUG</li>" in html
    assert (sent.template, sent.to, sent.missing) == ("shipped", "Ann@example.test", ())
    assert [(log.template, log.to, log.message_id) for log in world.log.sent] == [("shipped", sent.to, sent.message_id)]


def test_the_same_key_bears_the_same_message_id_and_the_same_bytes() -> None:
    first = send(template("cancelled"), ANN, {"order": order()})
    again = send(template("cancelled"), ANN, {"order": order()})
    other = send(template("cancelled"), ANN, {"order": order()}, key="k2")

    assert first[0].message_id == again[0].message_id != other[0].message_id
    assert first[1].as_bytes() == again[1].as_bytes()


def test_the_outbox_holds_one_readable_file_for_two_attempts(tmp_path: Path) -> None:
    world = World(FixedClock(MONDAY), {"mail": Outbox(tmp_path, "Shop <shop@example.com>")}, key="k1")

    first = notify(template("cancelled"), ANN, {"order": order()}, world)
    again = notify(template("cancelled"), ANN, {"order": order()}, world)

    (file,) = tmp_path.iterdir()
    kept = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert first.message_id == again.message_id == kept["Message-ID"]
    assert kept["From"] == "Shop <shop@example.com>"
    assert first.message_id.endswith("@example.com>")


GREETINGS = {"": "Good day,", "de": "Guten Tag,", "fr": "Bonjour,"}


@pytest.mark.parametrize(
    "name", sorted(file.stem for file in (Path(notify.place.file).parent / "templates").glob("*.txt"))
)
def test_every_shipped_template_writes_without_any_data(name: str) -> None:
    plain, _, language = name.partition(".")
    sent, message, _ = send(template(plain).spoken_in(language), "ann@example.test", {})

    assert message["Subject"]
    assert GREETINGS[language] in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert sent.missing == ()


# Failure 58: templates and headers


def test_template_code_in_data_is_text(tmp_path: Path) -> None:
    own = written(tmp_path, "Subject: Hello\n\n{name}", "<p>{name}</p>")

    _, message, _ = send(own, ANN, {"name": "{{ ''.__class__ }} {to.email} {#each x}"})

    assert "{{ ''.__class__ }} {to.email} {#each x}" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "{{ &#x27;&#x27;.__class__ }}" in message.get_body(("html",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "inside", ["{''.__class__}", "{order.__class__}", "{_x}", "{order.total()}", "{1+1}", "{a b}", "{a[0]}", "{}"]
)
def test_template_code_in_a_template_is_refused_before_the_run(tmp_path: Path, inside: str) -> None:
    with pytest.raises(ProblemsError) as refused:
        written(tmp_path, f"Subject: Hello\n\nDear {inside}")

    (found,) = refused.value.problems
    assert (found.code, found.place.line, found.place.column) == ("V151", 3, 6)
    assert inside in found.message


@pytest.mark.parametrize("name", ["quantity_open", "model_dump", "model_fields", "copy", "json", "__class__"])
def test_methods_properties_and_internals_of_a_model_are_not_there(name: str) -> None:
    assert member(order().lines[0], name) is None


@pytest.mark.parametrize(
    "odd", ["1\r\nBcc: all@example.test", "1\nX: y", "1\rX", "1\x00", "1\u2028X", "1\u202e", "1\x85X"]
)
def test_a_control_character_in_the_subject_is_refused_and_nothing_is_sent(odd: str) -> None:
    mail = MailKept()

    with pytest.raises(NodeError) as refused:
        notify(template("cancelled"), ANN, {"order": {"order_number": odd}}, World(FixedClock(MONDAY), {"mail": mail}))

    assert refused.value.error_class == "invalid"
    assert "the subject of template `cancelled`" in refused.value.message
    assert mail.messages == {}


@pytest.mark.parametrize(
    "to",
    ["a@example.test, b@example.test", "ann", "", " ", "<a@b>", "a@b@c.test", Party(), Party(email="ann"), None],
)
def test_nobody_to_write_to_is_no_failure_unless_the_step_says_so(to: Party | str | None) -> None:
    mail, log = MailKept(), CallLog()
    world = World(FixedClock(MONDAY), {"mail": mail}, key="k1", log=log)

    sent = notify(template("cancelled"), to, {}, world)

    assert (sent.outcome, sent.to, sent.message_id, mail.messages, log.sent) == ("sent", None, None, {}, [])
    with pytest.raises(NodeError) as refused:
        notify(template("cancelled"), to, {}, world, unreachable="fail")
    assert (refused.value.error_class, refused.value.message) == ("invalid", sent.undelivered)


@pytest.mark.parametrize("to", ["ann@example.test\r\nBcc: all@example.test", "\n", Party(email="ann\x00")])
def test_a_recipient_that_could_forge_a_header_is_refused(to: Party | str) -> None:
    with pytest.raises(NodeError, match="the e-mail address holds the control character"):
        send(template("cancelled"), to, {})


def test_a_control_character_in_a_name_is_refused() -> None:
    with pytest.raises(NodeError, match="the customer's name holds the control character U\\+000D"):
        send(template("cancelled"), Party(first_name="Ann\r\nBcc: x@example.test", email="a@example.test"), {})


def test_a_name_with_quotes_and_commas_stays_one_recipient() -> None:
    _, message, _ = send(
        template("cancelled"), Party(first_name='Ann, "x" <b@example.test>', email="a@example.test"), {}
    )

    (one,) = message["To"].addresses
    assert one.addr_spec == "a@example.test"


def test_html_in_a_name_is_escaped() -> None:
    party = Party(first_name="<script>alert('x')</script>", email="a@example.test")

    _, message, _ = send(template("cancelled"), party, {})

    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "<script>" not in html
    assert "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "java\tscript:alert(1)", " https://x", "data:text/html,x", "//x"]
)
def test_a_link_that_must_not_be_followed_leads_nowhere(tmp_path: Path, link: str) -> None:
    own = written(tmp_path, "Subject: Hello\n\nx", '<a href="{link}">here</a>')

    _, message, _ = send(own, ANN, {"link": link})

    assert '<a href="#">here</a>' in message.get_body(("html",)).get_content()  # type: ignore[union-attr]


# Who can be written to


def test_a_customer_without_an_email_address_is_named_with_the_mend() -> None:
    sent = notify(template("cancelled"), Party(first_name="Ann", last_name="Lee"), {}, World(FixedClock(MONDAY), {}))

    assert sent.undelivered == "the customer Ann Lee has no e-mail address; add one to the order"


@pytest.mark.parametrize(
    "name", ["return-accepted", "return-rejected", "return-expired", "return-unknown", "refunded", "exchange-sent"]
)
@pytest.mark.parametrize(
    ("order_number", "said"), [("#1001", "of order #1001"), (None, "of order shopify:main:1")]
)
def test_the_mails_of_a_return_name_the_order_as_the_customer_knows_it(
    name: str, order_number: str | None, said: str
) -> None:
    data = {"order": {"order_number": order_number}, "order_id": "shopify:main:1"}

    _, message, _ = send(template(name), ANN, data)

    for kind in ("plain", "html"):
        assert said in message.get_body((kind,)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["return-accepted", "exchange-sent"])
def test_a_line_without_an_article_number_is_told_by_its_own(name: str) -> None:
    lines = [{"line_id": "7", "sku": "", "quantity": 2}, {"line_id": "8", "sku": "MUG", "quantity": 1}]

    _, message, _ = send(template(name), ANN, {"lines": lines})

    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "2 x line 7\n" in text
    assert "1 x MUG\n" in text


def test_an_international_domain_travels_in_its_ascii_form() -> None:
    sent, message, _ = send(template("cancelled"), "ann@müller.example.com", {})

    assert message["To"].addresses[0].addr_spec == "ann@xn--mller-kva.example.com"
    assert sent.to == "ann@müller.example.com"


def test_names_that_the_data_lacks_are_told_and_written_as_nothing(tmp_path: Path) -> None:
    own = written(tmp_path, "Subject: Hello {order.nubmer}\n\n[{order.currency}] [{who}] [{to.nobody.at}]")

    sent, message, _ = send(own, ANN, {"order": order()})

    assert sent.missing == ("order.nubmer", "who", "to.nobody.at")
    assert message.get_content() == "[USD] [] []\n"


def test_a_message_of_a_million_letters_is_refused(tmp_path: Path) -> None:
    own = written(tmp_path, "Subject: Hello\n\n{#each a as x}{#each a as y}{text}{/each}{/each}")

    with pytest.raises(NodeError, match="longer than a million letters"):
        send(own, ANN, {"a": list(range(1000)), "text": "x" * 100})
