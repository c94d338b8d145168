"""Office accounts: passwords, locking, rights, sessions, tokens, and their audit lines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from record_samples import ACTOR, REGISTERS, Clock
from sqlalchemy import text

from geo.errors import InputError
from geo.records.accounts import Accounts, NewAccount
from geo.records.model.errors import AccountLockedError, LoginRefusedError, PrivacyError, UnknownRowError
from geo.records.store import Store

PASSWORD = "sáu cây cầu bắc ngang"
WARD = NewAccount(username="yen-hoa", password=PASSWORD, role="ward", office="UBND phường Yên Hòa", wards=("00004",))


@pytest.fixture
def accounts(store: Store, clock: Clock) -> Accounts:
    """Accounts with a quick hash: the tests don't measure argon2."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    return Accounts(store._engine, now=clock, registers=REGISTERS, hasher=quick)


def test_an_account_is_made_and_listed(accounts: Accounts, store: Store) -> None:
    made = accounts.add(WARD, ACTOR)
    assert (made.username, made.role, made.wards, made.active) == ("yen-hoa", "ward", ("00004",), True)
    assert accounts.all() == (made,)
    assert accounts.check_password("yen-hoa", PASSWORD, "api") == made
    assert store.audit()[["who", "action", "subject", "detail"]].to_numpy().tolist() == [
        ["yen-hoa", "account.add", "yen-hoa", "ward 00004"]
    ]
    with pytest.raises(InputError, match="is there already"):
        accounts.add(WARD, ACTOR)
    with pytest.raises(UnknownRowError):
        accounts.get("nobody")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"username": "Nguyễn Văn A"}, "not an account name"),
        ({"username": "0912345678"}, "telephone"),
        ({"role": "king"}, "not a role"),
        ({"wards": ()}, "do not fit the role"),
        ({"role": "city"}, "do not fit the role"),
        ({"wards": ("99999",)}, "no ward has the code"),
        ({"password": "short"}, "5 characters"),
        ({"password": "yen-hoa yen-hoa yen-hoa"}, "easy to guess"),
        ({"password": "aaaaaaaaaaaaaa"}, "easy to guess"),
        ({"office": "bà Hoa"}, "name of a person"),
    ],
)
def test_what_can_not_be_an_account_is_refused(changes: dict[str, object], what: str) -> None:
    values = {name: getattr(WARD, name) for name in WARD.__slots__} | changes
    accounts = Accounts.__new__(Accounts)
    accounts._registers = REGISTERS
    with pytest.raises(InputError, match=what):
        accounts.add(NewAccount(**values), ACTOR)  # type: ignore[arg-type]


def test_no_secret_is_kept_as_it_is(accounts: Accounts, store: Store) -> None:
    accounts.add(WARD, ACTOR)
    secrets = [PASSWORD, accounts.open_session("yen-hoa"), accounts.add_token("yen-hoa", "bảng tính", ACTOR)]
    with store._engine.connect() as connection:
        stored = [
            str(row)
            for table in ("account", "login_session", "api_token", "audit")
            for row in connection.execute(text(f"SELECT * FROM {table}"))
        ]
    assert not [secret for secret in secrets for row in stored if secret in row]


def test_five_wrong_passwords_close_the_account_to_one_network_for_a_while(
    accounts: Accounts, clock: Clock, store: Store
) -> None:
    accounts.add(WARD, ACTOR)
    for _ in range(4):
        with pytest.raises(LoginRefusedError):
            accounts.check_password("yen-hoa", "wrong", "api")
    assert accounts.check_password("yen-hoa", PASSWORD, "api").active  # and the count begins anew
    for _ in range(5):
        with pytest.raises(LoginRefusedError):
            accounts.check_password("yen-hoa", "wrong", "api")
    with pytest.raises(AccountLockedError, match="15 minutes"):
        accounts.check_password("yen-hoa", PASSWORD, "api")
    assert accounts.check_password("yen-hoa", PASSWORD, "api", "203.0.113.7").active
    assert store.audit(action="account.lock")["origin"].tolist() == ["api"]
    clock.forward(minutes=16)
    assert accounts.check_password("yen-hoa", PASSWORD, "api").locked_until is None


def test_an_unknown_name_and_a_wrong_password_are_told_alike(accounts: Accounts) -> None:
    accounts.add(WARD, ACTOR)
    messages = set()
    for name in ("yen-hoa", "nobody"):
        with pytest.raises(LoginRefusedError) as caught:
            accounts.check_password(name, "x" * 10_000, "api")
        messages.add(str(caught.value))
    assert len(messages) == 1


def test_sessions_end(accounts: Accounts, clock: Clock) -> None:
    accounts.add(WARD, ACTOR)
    secret = accounts.open_session("yen-hoa", lasts=timedelta(hours=1))
    other = accounts.open_session("yen-hoa")
    assert accounts.session(secret) == accounts.get("yen-hoa")
    assert accounts.session("nonsense") is None
    assert accounts.session("\ud800") is None
    accounts.close_session(other)
    assert accounts.session(other) is None
    clock.forward(hours=1)
    assert accounts.session(secret) is None


def test_a_change_of_rights_or_password_ends_sessions(accounts: Accounts) -> None:
    accounts.add(WARD, ACTOR)
    secret = accounts.open_session("yen-hoa")
    changed = accounts.set_rights("yen-hoa", "city", (), ACTOR)
    assert (changed.role, changed.wards) == ("city", ())
    assert accounts.session(secret) is None
    secret = accounts.open_session("yen-hoa")
    accounts.set_password("yen-hoa", "bảy cây cầu bắc ngang", ACTOR)
    assert accounts.session(secret) is None
    with pytest.raises(LoginRefusedError):
        accounts.check_password("yen-hoa", PASSWORD, "api")


def test_tokens_are_revoked_and_expire(accounts: Accounts, clock: Clock, store: Store) -> None:
    accounts.add(WARD, ACTOR)
    lasting = accounts.add_token("yen-hoa", "bảng tính", ACTOR)
    short = accounts.add_token("yen-hoa", "thử", ACTOR, expires_at=clock() + timedelta(days=1))
    assert accounts.token(lasting) == accounts.token(short) == accounts.get("yen-hoa")
    clock.forward(days=1)
    assert accounts.token(short) is None
    first = accounts.tokens("yen-hoa")[0]
    accounts.revoke_token(first.id, ACTOR)
    assert accounts.token(lasting) is None
    assert accounts.tokens("yen-hoa")[0].revoked_at == clock()
    with pytest.raises(UnknownRowError):
        accounts.revoke_token(999, ACTOR)
    with pytest.raises(PrivacyError):
        accounts.add_token("yen-hoa", "máy của chị Hoa", ACTOR)
    assert store.audit()["action"].tolist() == ["token.revoke", "token.add", "token.add", "account.add"]


def test_a_closed_account_is_out_everywhere(accounts: Accounts) -> None:
    accounts.add(WARD, ACTOR)
    session, token = accounts.open_session("yen-hoa"), accounts.add_token("yen-hoa", "bảng tính", ACTOR)
    accounts.close("yen-hoa", ACTOR)
    assert accounts.session(session) is None
    assert accounts.token(token) is None
    with pytest.raises(LoginRefusedError):
        accounts.check_password("yen-hoa", PASSWORD, "api")
    accounts.reopen("yen-hoa", ACTOR)
    assert accounts.token(token) is not None


def test_logging_in_does_not_change_the_data_version(accounts: Accounts, store: Store) -> None:
    accounts.add(WARD, ACTOR)
    accounts.open_session("yen-hoa")
    assert store.version() == "0.0"


def test_the_store_has_accounts_with_the_real_hash(store: Store) -> None:
    store.accounts.add(WARD, ACTOR)
    assert store.accounts.check_password("yen-hoa", PASSWORD, "api").role == "ward"
    with store._engine.connect() as connection:
        assert str(connection.execute(text("SELECT password_hash FROM account")).scalar()).startswith("$argon2id$")


def test_a_closed_account_gets_no_token(accounts: Accounts) -> None:
    accounts.add(WARD, ACTOR)
    accounts.close("yen-hoa", ACTOR)
    with pytest.raises(InputError) as refused:
        accounts.add_token("yen-hoa", "bảng tính", ACTOR)
    assert [one.code for one in refused.value.problems] == ["accounts.token-of-closed"]
    assert accounts.tokens("yen-hoa") == ()
