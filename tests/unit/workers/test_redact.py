"""Nothing that looks like a secret gets through, and ordinary lines do."""

import time

import pytest

from workers.redact import MASK, is_secret_name, redact

SECRET = "s3cr3t-V4lue"
# In two parts, so that nobody's scanner takes this file for a leak.
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"


@pytest.mark.parametrize(
    "line",
    [
        f"DB_PASSWORD={SECRET}",
        f'password: "{SECRET}"',
        f'{{"token": "{SECRET}", "user": "me"}}',
        f"{{'client_secret': '{SECRET}'}}",
        f"connecting with --password {SECRET} to db",
        f"connecting with --api-key={SECRET}",
        f'["serve","--db-password","{SECRET}","--port","80"]',
        f"['serve', '--token', '{SECRET}']",
        f"apiKey => {SECRET}",
        f"Authorization: Bearer {SECRET}",
        f'"Authorization": "Basic {SECRET}"',
        f"using bearer {SECRET}",
        f"postgres://app:{SECRET}@db:5432/app",
        f"redis://:{SECRET}@cache:6379/0",
        f"GET /login?user=me&access_token={SECRET}&x=1",
        f"export STRIPE_SECRET_KEY='{SECRET}'",
        f"Set-Cookie: sessionid={SECRET}; Path=/",
        f"passwd={SECRET},user=me",
        f"MYSQL_ROOT_PW={SECRET}",
        f"SMTP_CREDS: {SECRET}",
        f"mysqld --pw={SECRET} --port=1",
        f"mysqld --pw {SECRET}",
    ],
)
def test_the_value_is_masked(line: str):
    assert SECRET not in redact(line)
    assert MASK in redact(line)


@pytest.mark.parametrize(
    "token",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        JWT,
        "ghp_" + "a1B2" * 9,
        "xoxb" + "-12345678-abcdefgh",
        "glpat-" + "x" * 20,
        "sk_live_" + "0" * 24,
        "https://hooks.slack.com/" + "services/T0/B0/x1Y2z3",
    ],
)
def test_well_known_tokens_are_masked_wherever_they_stand(token: str):
    assert redact(f"request {token} failed") == f"request {MASK} failed"


def test_a_key_in_pem():
    key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75\nxyzxyz==\n-----END RSA PRIVATE KEY-----"
    assert redact(f"before\n{key}\nafter") == f"before\n{MASK}\nafter"


def test_a_key_in_pem_of_which_the_beginning_or_the_end_is_not_there():
    assert redact("loading\n-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA75") == f"loading\n{MASK}"
    tail = "MIIEpAIBAAKCAQEA75\nMIIEpAIBAAKCAQEA76\nxyz==\n-----END PRIVATE KEY-----\nafter"
    assert redact(tail) == f"{MASK}\nafter"


@pytest.mark.parametrize(
    "line",
    [
        "panic: cannot connect to database at db:5432",
        "listening on :8080",
        "2026-01-05T08:00:00Z INFO served GET /keys in 3 ms",
        'Back-off pulling image "registry.test/web:missing": ErrImagePull: not found',
        "0/3 nodes are available: 3 Insufficient cpu.",
        '["serve","--password-from-env","--port","80"]',
        'File "/app/main.py", line 12, in <module>',
        "https://example.com/docs/tokens",
        'container has runAsNonRoot and image will run as root (pod: "web-1", container: app)',
    ],
)
def test_ordinary_lines_stay(line: str):
    assert redact(line) == line


def test_names():
    secret = (
        "DB_PASSWORD",
        "token",
        "tls.key",
        "X-Api-Key",
        "privateKey",
        "DSN",
        "MYSQL_ROOT_PW",
        "SMTP_CREDS",
        "cred",
    )
    assert [name for name in secret if not is_secret_name(name)] == []
    assert not any(
        is_secret_name(name) for name in ("MODE", "PORT", "KEYBOARD", "MONKEY", "AUTHOR", "BYPASSES", "SACREDS")
    )


def test_a_long_line_takes_no_time():
    assert len(redact("a-b_c.d:" * 20_000)) > 0
    assert len(redact("password" * 20_000)) > 0
    assert len(redact("-----BEGIN A" * 5_000)) > 0


@pytest.mark.parametrize(
    "hostile",
    ['password="', "--token-", "a://b:c", "eyJ-", "x:y@", "bearer ", "secret: '", "AAAAAAAAAAAAAAAA\n", "=" * 7 + " "],
)
def test_hostile_texts_take_no_time_either(hostile: str):
    began = time.process_time()
    redact(hostile * (200_000 // len(hostile)))
    redact("x-----END A-----" + hostile * (200_000 // len(hostile)) + "-----END A-----")
    assert time.process_time() - began < 5  # minutes, where an expression is quadratic


def test_a_secret_inside_an_innocent_value():
    assert SECRET not in redact(f'level=info msg="login with password={SECRET}" user=me')


def test_a_missing_secret_is_named():
    text = 'secret "db-credentials" not found'
    assert redact(text) == text
