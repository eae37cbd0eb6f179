"""The files in deploy/ are taken by the programs they are for, and the site answers behind nginx as it should."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
HOST = "amlak.example.gov.eg"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
KEY = "0123456789abcdef" * 4
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """nginx's configuration as it stands in deploy/, with this machine's ports, folders and a certificate of its own."""
    folder = tmp_path_factory.mktemp("nginx")
    subject = ["-subj", f"/CN={HOST}", "-days", "2", "-nodes", "-newkey", "rsa:2048"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(["openssl", "req", "-x509", *subject, *files], check=True, capture_output=True)
    shutil.copy(DEPLOY / "amlak_proxy.conf", folder)
    (folder / "static").mkdir()
    (folder / "static" / "a.js").write_text("1")
    site = (DEPLOY / "nginx.conf").read_text()
    for was, here in {
        "/etc/ssl/amlak": str(folder),
        "/etc/nginx/amlak_proxy.conf": str(folder / "amlak_proxy.conf"),
        "/run/amlak/web.sock": str(folder / "web.sock"),
        "/var/lib/amlak/static/": f"{folder}/static/",
        "listen 80": f"listen 127.0.0.1:{free_port()}",
        "listen 443": f"listen 127.0.0.1:{free_port()}",
    }.items():
        assert was in site
        site = site.replace(was, here)
    user = "user root;\n" if os.geteuid() == 0 else ""
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    frame = f"{user}daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
    (folder / "nginx.conf").write_text(f"{frame}http {{\naccess_log off;\n{paths}\n{site}\n}}\n")
    return folder


def ports(place: Path) -> tuple[int, int]:
    found = re.findall(r"listen 127\.0\.0\.1:(\d+)( ssl)?", (place / "nginx.conf").read_text())
    return int(next(port for port, tls in found if not tls)), int(next(port for port, tls in found if tls))


@needs_nginx
def test_nginx_takes_the_configuration(place: Path) -> None:
    told = subprocess.run(
        [str(NGINX), "-t", "-q", "-c", place / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in (DEPLOY / "systemd").iterdir():
        # the programs are not installed here: what is checked is the rest
        text = re.sub(r"^ExecStart=/opt/\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M)
        (tmp_path / unit.name).write_text(text)
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "amlak" in line]
    assert ours == []


def test_the_container_runs_as_nobody_special_and_says_how_it_is() -> None:
    told = (DEPLOY / "Containerfile").read_text()
    assert re.search(r"^USER 10001$", told, re.M)
    assert re.search(r"^HEALTHCHECK ", told, re.M)
    assert "--require-hashes" in told


@pytest.mark.parametrize("name", ["amlak.env", "compose.yaml"])
def test_the_examples_set_only_what_is_a_setting(name: str) -> None:
    described = (ROOT / "docs" / "reference" / "settings.md").read_text()
    named = re.findall(r"\b((?:AMLAK_[A-Z_]+|DATABASE_URL))(?:_FILE)?\s*[=:]", (DEPLOY / name).read_text())
    assert named
    assert [one for one in named if f"`{one.removesuffix('_FILE')}`" not in described] == []


@pytest.fixture(scope="module")
def behind(place: Path, django_db_setup: None) -> Iterator[tuple[int, int]]:
    """nginx before gunicorn, both as in service; yields the ports of HTTP and HTTPS."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AMLAK_")}
    env = {
        **kept,
        **dict(line.split("=", 1) for line in (DEPLOY / "amlak.env").read_text().splitlines() if line[:1] == "A"),
        "AMLAK_STATE_DIR": str(place),
        "AMLAK_SECRET_KEY": KEY,
        "AMLAK_ID_KEY": KEY,
        "DATABASE_URL": f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{connection.settings_dict['NAME']}",
    }
    line = next(
        line for line in (DEPLOY / "systemd" / "amlak-web.service").read_text().splitlines() if "ExecStart" in line
    )
    told = line.partition(" ")[2].replace("/run/amlak", str(place)).replace("--workers 4", "--workers 1").split()
    web = subprocess.Popen([sys.executable, "-m", "gunicorn", *told], cwd=settings.BASE_DIR, env=env)
    front = subprocess.Popen([str(NGINX), "-c", place / "nginx.conf"])
    try:
        plain, secure = ports(place)
        for _ in range(200):
            if (place / "web.sock").exists() and ask(secure, "/healthz")[0] == 200:
                break
            time.sleep(0.1)
        yield plain, secure
    finally:
        for process in (front, web):
            process.terminate()
            process.wait(20)


def ask(
    port: int, path: str, *, host: str = HOST, tls: bool = True, method: str = "GET", length: int = 0, body: bytes = b""
) -> tuple[int, dict[str, list[str]], bytes]:
    """Return status (0: hung up on), headers and body."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # a certificate of the test's own
    made = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=30) if tls else None
    made = made or http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": host, "Accept": "application/json", "X-Forwarded-For": "6.6.6.6"}
    try:
        made.request(
            method, path, body=body or None, headers={**headers, **({"Content-Length": str(length)} if length else {})}
        )
        answer = made.getresponse()
        return answer.status, {name: answer.headers.get_all(name, []) for name in answer.headers}, answer.read()
    except (http.client.RemoteDisconnected, ConnectionError):
        return 0, {}, b""
    finally:
        made.close()


@needs_nginx
@pytest.mark.parametrize(
    ("path", "statuses"),
    [("/healthz", {200}), ("/login/", {200}), ("/parcels/", {302, 401}), ("/tiles/parcels/10/600/400.mvt", {302, 401})],
)
def test_pages_tiles_and_deep_links_come_through(behind: tuple[int, int], path: str, statuses: set[int]) -> None:
    status, headers, _body = ask(behind[1], path)
    assert status in statuses
    if status == 302:
        assert headers["Location"][0].startswith("/login/?next=")


@needs_nginx
def test_headers_of_protection_are_sent_once(behind: tuple[int, int]) -> None:
    _status, headers, _body = ask(behind[1], "/login/")
    for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options"):
        assert len(headers[name]) == 1, name
    assert all("Secure" in cookie for cookie in headers["Set-Cookie"])
    assert headers["Server"] == ["nginx"]  # no version


@needs_nginx
def test_plain_http_is_sent_to_https_and_other_hosts_are_hung_up_on(behind: tuple[int, int]) -> None:
    status, headers, _body = ask(behind[0], "/parcels/", tls=False)
    assert (status, headers["Location"]) == (301, [f"https://{HOST}/parcels/"])
    assert ask(behind[1], "/login/", host="evil.example")[0] == 0


@needs_nginx
def test_a_body_beyond_every_upload_is_refused_before_it_is_sent(behind: tuple[int, int]) -> None:
    assert ask(behind[1], "/login/", method="POST", length=211 * 1024 * 1024)[0] == 413


@needs_nginx
def test_a_large_body_below_it_reaches_the_site_whole(behind: tuple[int, int]) -> None:
    status, _headers, body = ask(behind[1], "/api/v1/submissions/", method="POST", body=bytes(8 * 1024 * 1024))
    assert status in {401, 403, 415}
    assert b'"code"' in body


@needs_nginx
def test_static_files_come_from_nginx_and_are_asked_for_again_after_an_hour(behind: tuple[int, int]) -> None:
    status, headers, body = ask(behind[1], "/static/a.js")
    assert (status, body, headers["Cache-Control"]) == (200, b"1", ["max-age=3600"])
    assert headers["X-Content-Type-Options"] == ["nosniff"]


@needs_nginx
def test_a_flood_of_sign_ins_is_slowed_down(behind: tuple[int, int]) -> None:
    assert 429 in {ask(behind[1], "/login/")[0] for _ in range(40)}
