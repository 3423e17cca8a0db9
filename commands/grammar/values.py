"""What a word may be, type by type: the JSON value it becomes, or a sentence that says why it cannot be one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from commands.declaration import Type
from commands.grammar.kinds import RUNS, WORKLOADS, is_pod, workload_kind
from commands.grammar.suggestions import did_you_mean, quoted
from commands.objects import image_of, is_digest, is_repository, is_tag

MOST_REPLICAS: Final = 10_000
MOST: Final = 10_000
LONGEST_TEXT: Final = 500
LONGEST_TIME: Final = 30 * 86_400

# DNS-1123 subdomain: what the names of workloads, pods and containers are (a container's is shorter still)
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)
_OPERATION = re.compile(r"op-[a-z0-9]{4,32}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_STEP = re.compile(r"[+-][0-9]{1,9}", re.ASCII)
_DURATION = re.compile(r"(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?", re.ASCII)
_URL = re.compile(r"https?://[^\s/<>|]+[^\s<>|]*", re.IGNORECASE)
_SECONDS = (86_400, 3_600, 60, 1)

Value = str | int | bool


class WordError(ValueError):
    """The word cannot be such a value; the text is a sentence."""


def read(word: str, type_: Type) -> Value:
    """The word as the JSON value of its type. Raises ``WordError``."""
    return _READERS[type_](word)


def is_readable(word: str, type_: Type) -> bool:
    try:
        read(word, type_)
    except WordError:
        return False
    return True


def _name(word: str) -> str:
    if len(word) <= 253 and _NAME.fullmatch(word):
        return word
    lower = word.casefold()
    hint = f" Did you mean {quoted(lower)}?" if lower != word and _NAME.fullmatch(lower) else ""
    raise WordError(
        f"{quoted(word)} cannot be a name in Kubernetes: lower-case letters, digits, `-` and `.` only.{hint}"
    )


def _workload(word: str) -> str:
    kind, slash, name = word.rpartition("/")
    if not slash:
        return _name(word)
    if canonical := workload_kind(kind):
        return f"{canonical}/{_name(name)}"
    known = [said for names in (WORKLOADS | RUNS).values() for said in names]
    raise WordError(
        f"{quoted(kind)} is no kind of workload I handle: Deployments, StatefulSets, DaemonSets, Jobs and CronJobs "
        f"(deploy/web, sts/db, ds/agent, job/migrate, cj/backup).{did_you_mean(kind, known)}"
    )


def _pod_or_workload(word: str) -> str:
    kind, slash, name = word.partition("/")
    return f"pod/{_name(name)}" if slash and is_pod(kind) else _workload(word)


def _names(word: str) -> str:
    return ",".join(_name(part) for part in word.split(","))


def _images(word: str) -> str:
    return ",".join(_image(part) for part in word.split(","))


def _image(word: str) -> str:
    if not word or word != word.strip():
        raise WordError("A version cannot be empty.")
    bare = word.removeprefix("@")
    if is_tag(word) or is_digest(bare):
        return bare
    if bare.startswith(("sha256:", "sha512:")):
        raise WordError(f"{quoted(word)} is not a whole digest: sha256: and 64 hexadecimal digits (sha512: and 128).")
    image = image_of(word)
    if not image.repository or image.tag == "":
        raise WordError(f"{quoted(word)} names no version: say a tag such as 1.4.2, a digest, or a whole image.")
    if "@" in word and not is_digest(image.digest or ""):
        raise WordError(
            f"{quoted(image.digest or '')} is not a whole digest: sha256: and 64 hexadecimal digits (sha512: and 128)."
        )
    if image.tag is None and image.digest is None:
        raise WordError(
            f"{quoted(word)} names no version: put a tag or a digest behind it, such as {quoted(f'{word}:1.4.2')}."
        )
    if image.tag is not None and not is_tag(image.tag):
        raise WordError(f"{quoted(image.tag)} cannot be a tag: at most 128 letters, digits, `_`, `.` and `-`.")
    if is_repository(image.repository) or (image.tag is None and is_tag(image.repository)):
        return word
    raise WordError(
        f"{quoted(image.repository)} cannot be an image's repository: lower-case words between `/`, such as `registry.example:5000/team/web`."
    )


def _replicas(word: str) -> int | str:
    if _STEP.fullmatch(word):
        if int(word) == 0 or abs(int(word)) > MOST_REPLICAS:
            raise WordError(f"{quoted(word)} is no change of replicas: say +1 to +{MOST_REPLICAS}, or -1 and so on.")
        return f"{int(word):+d}"
    if not _NUMBER.fullmatch(word):
        raise WordError(f"{quoted(word)} is not a number of replicas: say 6, or +2 and -1 to change it by so many.")
    if int(word) > MOST_REPLICAS:
        raise WordError(f"{quoted(word)} replicas are more than I will ever ask for ({MOST_REPLICAS}).")
    return int(word)


def _revision(word: str) -> int:
    if _NUMBER.fullmatch(word) and int(word) > 0:
        return int(word)
    raise WordError(f"{quoted(word)} is not the number of a revision, such as 12; `history` lists them.")


def _count(word: str) -> int:
    if _NUMBER.fullmatch(word) and 0 < int(word) <= MOST:
        return int(word)
    raise WordError(f"{quoted(word)} is not a number from 1 to {MOST}.")


def _operation(word: str) -> str:
    if _OPERATION.fullmatch(word.casefold()):
        return word.casefold()
    raise WordError(f"{quoted(word)} is not the id of an operation, such as `op-7k3f`; `operations` lists them.")


def _duration(word: str) -> int:
    match = _DURATION.fullmatch(word)
    seconds = sum(int(n or 0) * unit for n, unit in zip(match.groups(), _SECONDS, strict=True)) if match else 0
    if 0 < seconds <= LONGEST_TIME:
        return seconds
    raise WordError(f"{quoted(word)} is not a time I can use: say 90s, 10m, 2h or 1h30m, up to 30d.")


def _text(word: str) -> str:
    text = word.strip()
    if not text:
        raise WordError("The text is empty.")
    if len(text) > LONGEST_TEXT:
        raise WordError(
            f"The text has {len(text)} characters, and {LONGEST_TEXT} is what I keep: put the rest behind a link."
        )
    return text


def _url(word: str) -> str:
    """What Slack makes a link of; nothing that a browser would run."""
    text = _text(word)
    if _URL.fullmatch(text):
        return text
    raise WordError(f"{quoted(text)} is no link: say its whole address, which begins with https:// or http://.")


def _flag(word: str) -> bool:
    if word.casefold() in {"true", "yes", "on", "1"}:
        return True
    raise WordError(f"{quoted(word)} says nothing here: name it to switch it on, leave it out otherwise.")


_READERS: Final[dict[Type, Callable[[str], Value]]] = {
    Type.WORKLOAD: _workload,
    Type.POD_OR_WORKLOAD: _pod_or_workload,
    Type.IMAGE: _images,
    Type.REPLICAS: _replicas,
    Type.REVISION: _revision,
    Type.OPERATION: _operation,
    Type.DURATION: _duration,
    Type.COUNT: _count,
    Type.NAME: _name,
    Type.NAMES: _names,
    Type.TEXT: _text,
    Type.URL: _url,
    Type.FLAG: _flag,
}
"""VERB and REST are not here: only the registry knows what they may be (``parse``)."""
