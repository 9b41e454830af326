"""`orderloom doctor`: what it looks at, what it says of what is broken, and what it never does."""

from __future__ import annotations

import json
import os
import pty
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, ClassVar

import pytest
from aiosmtpd.smtp import AuthResult
from tests.world.serving import Answer
from tests.world.serving import serving as http_serving
from tests.world.test_smtp import Desk, serving

from orderloom.cli import invoke
from orderloom.cli.doctor.connections import tried
from orderloom.cli.doctor.environment import package_findings
from orderloom.cli.doctor.finding import Finding
from orderloom.cli.doctor.programs import Program, program_findings
from orderloom.world.errors import ConnectionFailedError

OWN_NODE = """
from orderloom import Outcome, node


class Wrapped(Outcome, name="wrapped"):
    pass


@node("gift-wrap")
def gift_wrap(order_id: str) -> Wrapped:
    \"\"\"Wrap it.\"\"\"
    return Wrapped()
"""
BROKEN_NODE = "from orderloom import node\n\n\ndef half(:\n"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.chdir(tmp_path)
    assert invoke(["init", "shop"]) == 0
    monkeypatch.chdir(tmp_path / "shop")
    capsys.readouterr()
    return tmp_path / "shop"


def findings(capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> dict[str, dict[str, Any]]:
    """What the doctor finds, by name."""
    assert invoke(["doctor", "--json", *options]) == code
    told = json.loads(capsys.readouterr().out)
    return {finding["name"]: finding for finding in told["findings"]}


def smtp_lines(port: int, **more: str) -> str:
    keys = {"type": "smtp", "host": "127.0.0.1", "port": str(port), "security": "none", "from": "shop@example.com"}
    return "mail: {" + ", ".join(f"{key}: {value}" for key, value in (keys | more).items()) + "}\n"


@pytest.mark.parametrize("template", ["shop", "returns", "empty"])
def test_a_new_project_is_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], template: str
) -> None:
    monkeypatch.chdir(tmp_path)
    invoke(["init", "--template", template])
    capsys.readouterr()

    assert invoke(["doctor"]) == 0

    assert capsys.readouterr().out.endswith("\neverything is in order\n")


def test_each_connection_of_the_project_is_told_of_in_its_order(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = findings(capsys)

    told = [name for name, finding in found.items() if finding["section"] == "connections"]
    assert told == ["mail", "stock", "orders", "payments", "labels", "documents", "numbers"]
    assert found["stock"]["says"] == "locations: 4, articles: 8"
    assert found["orders"]["says"] == "orders noted: 0, from files: 1"


def test_the_doctor_leaves_nothing_behind(shop: Path) -> None:
    before = sorted(shop.rglob("*"))

    assert invoke(["doctor"]) == 0

    assert sorted(shop.rglob("*")) == before


def test_outside_of_a_project_that_is_a_warning_with_the_command_that_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    found = findings(capsys)

    assert found["project"]["verdict"] == "warning"
    assert found["project"]["mend"] == "orderloom init DIR makes a project"
    assert found["connections"]["verdict"] == "skipped"


def test_the_text_has_the_mend_below_the_fault_and_counts_both(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "stock" / "levels.csv").unlink()

    assert invoke(["doctor"]) == 4

    lines = capsys.readouterr().out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("  fault    stock"))
    assert "connections.yaml:" in lines[at]
    assert "there is no file" in lines[at]
    assert "= help: set what is missing where orderloom runs" in lines[at + 1]
    assert lines[at + 1].endswith("[C007]")
    assert lines[-1] == "1 fault"


def test_a_secret_that_is_not_set_is_a_fault_that_names_the_variable(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMTP_PASSWORD", raising=False)
    (shop / "connections.yaml").write_text(smtp_lines(25, user="shop", password="{env: SMTP_PASSWORD}"))

    found = findings(capsys, code=4)["mail"]

    assert (found["verdict"], found["code"]) == ("fault", "C007")
    assert "the environment variable `SMTP_PASSWORD` is not set" in found["says"]


def test_a_mistake_in_connections_yaml_is_a_fault_with_its_place(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "connections.yaml").write_text("mail: {type: outbox}\nstock: {type: stock-file}\n")

    found = findings(capsys, code=4)["connections.yaml"]

    assert found["code"] == "C002"
    assert "connections.yaml:2:15: no type of connection is named `stock-file`" in found["says"]
    assert found["mend"] == "did you mean `stock-files`?"


def test_a_node_that_does_not_load_is_named_with_its_place_and_hides_no_other(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "nodes" / "half").mkdir(parents=True)
    (shop / "nodes" / "half" / "__init__.py").write_text(BROKEN_NODE)

    found = findings(capsys, code=4)

    assert (found["project/half"]["verdict"], found["project/half"]["code"]) == ("fault", "N012")
    assert "half/__init__.py:4:" in found["project/half"]["says"]
    assert found["pack core"]["verdict"] == "ok"


def test_a_damaged_shelf_is_a_fault_with_what_to_do(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ".orderloom").mkdir()
    (shop / ".orderloom" / "world.sqlite").write_text("no database at all, whatever its name says" * 100)

    found = findings(capsys, code=4)

    assert (found["shelf"]["verdict"], found["shelf"]["code"]) == ("fault", "F963")
    assert found["stock"]["verdict"] == "fault"
    assert "of this machine" in found["stock"]["mend"]


def test_a_file_where_a_folder_is_wanted_is_a_fault(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / ".orderloom").write_text("")
    (shop / "documents").write_text("")

    found = findings(capsys, code=4)

    assert (found["state"]["verdict"], found["state"]["code"]) == ("fault", "F962")
    assert found["documents"]["verdict"] == "fault"


def test_a_mail_server_that_answers_is_in_order_and_gets_no_message(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk()
    monkeypatch.setenv("SMTP_PASSWORD", "hunter22")

    def admit(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=True)

    with serving(desk, authenticator=admit, auth_require_tls=False) as server:
        (shop / "connections.yaml").write_text(smtp_lines(server.port, user="shop", password="{env: SMTP_PASSWORD}"))
        found = findings(capsys)["mail"]

    assert found["verdict"] == "ok"
    assert found["says"] == f"127.0.0.1:{server.port} answers, unprotected, signed in as shop"
    assert desk.taken == []


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_password_is_never_shown_even_when_the_server_repeats_it(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.setenv("SMTP_PASSWORD", "hunter22")

    def deny(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 wrong: {data.password.decode()}")

    with serving(Desk(), authenticator=deny, auth_require_tls=False) as server:
        (shop / "connections.yaml").write_text(smtp_lines(server.port, user="shop", password="{env: SMTP_PASSWORD}"))
        assert invoke(["doctor", *options]) == 4

    said = capsys.readouterr()
    assert "does not accept the user and password" in said.out
    assert "hunter22" not in said.out + said.err


def test_a_server_that_says_nothing_is_given_up_after_the_timeout(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        (shop / "connections.yaml").write_text(smtp_lines(port, timeout_s="600"))
        found = findings(capsys, "--timeout", "0.3", code=4)["mail"]
        caller, _ = silent.accept()
        caller.close()

    assert (found["verdict"], found["says"]) == ("fault", "no answer within 0.3 s")
    _ended("probe mail")


def test_offline_no_other_machine_is_asked(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        (shop / "connections.yaml").write_text(
            smtp_lines(server.getsockname()[1]) + "stock: {type: stock-files, folder: stock}\n"
        )
        found = findings(capsys, "--offline")
        with pytest.raises(TimeoutError):
            server.accept()

    assert found["mail"]["verdict"] == "skipped"
    assert found["stock"]["verdict"] == "ok"


def http_lines(base: str) -> str:
    return f"erp: {{type: http, base: {base}/v1, private: true, auth: {{bearer: {{env: ERP_TOKEN}}}}}}\n"


@pytest.mark.parametrize(
    ("status", "verdict", "words"),
    [
        (200, "ok", "/v1 answers (200)"),
        (404, "ok", "/v1 answers (404)"),
        (401, "fault", "does not accept the credentials (401)"),
        (403, "fault", "does not accept the credentials (403)"),
        (429, "fault", "asks for a pause (429)"),
        (503, "fault", "out of order (503)"),
    ],
)
def test_a_service_is_asked_for_its_head_alone_with_its_credentials(
    shop: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    verdict: str,
    words: str,
) -> None:
    monkeypatch.setenv("ERP_TOKEN", "hunter22hunter22")
    with http_serving(lambda asked: Answer(status)) as server:
        (shop / "connections.yaml").write_text(http_lines(server.base))
        found = findings(capsys, code=0 if verdict == "ok" else 4)["erp"]

    assert found["verdict"] == verdict
    assert words in found["says"]
    assert [(asked.method, asked.path) for asked in server.asked] == [("HEAD", "/v1")]
    assert server.asked[0].headers["authorization"] == "Bearer hunter22hunter22"
    assert "hunter22" not in json.dumps(found)


def test_a_service_that_knows_no_head_is_asked_by_get(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP_TOKEN", "hunter22hunter22")
    with http_serving(lambda asked: Answer(405 if asked.method == "HEAD" else 200)) as server:
        (shop / "connections.yaml").write_text(http_lines(server.base))
        found = findings(capsys)["erp"]

    assert found["says"].endswith("/v1 answers (200)")
    assert [asked.method for asked in server.asked] == ["HEAD", "GET"]


def test_a_service_where_nobody_is_is_a_fault(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ERP_TOKEN", "hunter22hunter22")
    with http_serving(lambda asked: Answer()) as server:
        (shop / "connections.yaml").write_text(http_lines(server.base))

    found = findings(capsys, code=4)["erp"]

    assert found["says"].startswith("nobody answers at http://127.0.0.1:")


def test_whoever_watches_sees_what_is_being_tried_and_a_file_gets_none_of_it(shop: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "orderloom", "doctor"]

    watched = subprocess.run(command, stderr=theirs, stdout=subprocess.PIPE, check=False, timeout=120)
    os.close(theirs)
    seen = os.read(ours, 10_000).decode()
    os.close(ours)
    unwatched = subprocess.run(command, capture_output=True, check=False, timeout=120)

    assert "trying mail (1 of 7)" in seen
    assert seen.endswith("\r\x1b[K")
    assert unwatched.stderr == b""
    assert b"trying" not in watched.stdout


class Met:
    """A connection that answers once another one is being tried too."""

    remote: ClassVar[bool] = True

    def __init__(self, meeting: threading.Barrier) -> None:
        self._meeting = meeting

    def probe(self) -> str:
        self._meeting.wait()
        return "met"


class Odd:
    """A connection that fails as none should."""

    remote: ClassVar[bool] = True

    def probe(self) -> str:
        raise KeyError("hunter22")


class Refusing:
    remote: ClassVar[bool] = True

    def probe(self) -> str:
        raise ConnectionFailedError("refused", "not with this key")


def test_connections_are_tried_at_the_same_time() -> None:
    meeting = threading.Barrier(3, timeout=20)

    found = list(tried({name: Met(meeting) for name in "abc"}, offline=False, timeout_s=30))

    assert [(finding.name, finding.verdict) for finding in found] == [("a", "ok"), ("b", "ok"), ("c", "ok")]


def test_a_connection_that_fails_oddly_hides_no_other_and_tells_nothing_it_holds() -> None:
    found = {f.name: f for f in tried({"odd": Odd(), "shop": Refusing()}, offline=False, timeout_s=30)}

    assert found["odd"].verdict == "fault"
    assert "hunter22" not in found["odd"].says
    assert found["shop"].says == "not with this key"
    assert "key that connections.yaml names" in (found["shop"].mend or "")


def test_a_connection_that_cannot_be_tried_is_said_to_open() -> None:
    [found] = tried({"plain": object()}, offline=False, timeout_s=1)

    assert (found.verdict, found.says) == ("ok", "opens; its type has no way to be tried")


def test_a_package_that_is_missing_or_too_old_is_a_fault_with_the_command_that_mends_it() -> None:
    found = list(package_findings(["click>=8.1", "click>=999.1", "no-such-package>=2", 'pytest>=999; extra == "dev"']))

    faults = [finding for finding in found if finding.verdict == "fault"]
    assert [finding.mend for finding in faults] == [
        'python -m pip install --upgrade "click>=999.1"',
        'python -m pip install --upgrade "no-such-package>=2"',
    ]
    assert faults[1].says == "no-such-package is missing"
    assert found[-1].says.startswith("click 8.")


def test_a_program_that_is_missing_is_no_fault_and_told_what_it_is_good_for() -> None:
    [found] = program_findings((Program("no-such-program", "drawing", "install it"),))

    assert found == Finding("environment", "no-such-program", "skipped", "not here; good for drawing", "install it")


def test_a_program_says_its_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    name = Path(sys.executable).name

    [found] = program_findings((Program(name, "everything", "", ("--version",)),))

    assert found.verdict == "ok"
    assert found.says.startswith(f"{sys.version_info[0]}.{sys.version_info[1]}.")


def _ended(name: str) -> None:
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(20)
            assert not thread.is_alive()


def test_schemas_that_fit_the_nodes_are_in_order(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert findings(capsys, "--offline")["schemas"]["verdict"] == "ok"


def test_schemas_of_other_nodes_than_there_are_earn_a_warning_and_the_command_that_mends(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "nodes" / "gift_wrap").mkdir(parents=True)
    (shop / "nodes" / "gift_wrap" / "__init__.py").write_text(OWN_NODE)

    found = findings(capsys, "--offline")["schemas"]

    assert (found["verdict"], found["mend"]) == ("warning", "orderloom schema")
    assert found["says"] == "flow, scenario: editors are told of other nodes than there are"
    assert invoke(["schema"]) == 0
    capsys.readouterr()
    assert findings(capsys, "--offline")["schemas"]["verdict"] == "ok"


def test_a_project_without_schemas_is_no_fault(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in (shop / ".schemas").iterdir():
        file.unlink()
    (shop / ".schemas").rmdir()

    found = findings(capsys, "--offline")["schemas"]

    assert (found["verdict"], found["mend"]) == ("skipped", "orderloom schema")
