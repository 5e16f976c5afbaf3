"""PATCH: JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7396) on a resource. Pure."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from secretariat.interop.fhir.wire import Resource, Wrong

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
_MOST = 100
_VERBS = frozenset({"add", "remove", "replace", "test"})


def patched(resource: Resource, sent: Any, kind: str) -> Resource:
    """The resource once changed; the one given stays as it was.

    Raises:
        Wrong: 400 for what is no patch, 422 for a path that leads nowhere or a test that fails.
    """
    if kind == JSON_PATCH:
        return _operations(deepcopy(resource), sent)
    if not isinstance(sent, dict):
        raise Wrong("Une fusion est un objet JSON.")
    merged: Resource = _merged(deepcopy(resource), sent)
    return merged


def _merged(target: Any, sent: Any) -> Any:
    if not isinstance(sent, dict):
        return sent
    found = target if isinstance(target, dict) else {}
    for name, value in sent.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = _merged(found.get(name), value)
    return found


def _operations(resource: Resource, sent: Any) -> Resource:
    if not isinstance(sent, list) or not 1 <= len(sent) <= _MOST:
        raise Wrong("Un JSON Patch est une liste d’opérations.")
    for one in sent:
        path = one.get("path") if isinstance(one, dict) else None
        if not isinstance(path, str) or not path.startswith("/") or one.get("op") not in _VERBS:
            raise Wrong("Une opération a « op » (add, remove, replace, test) et « path » (/start).")
        if one["op"] != "remove" and "value" not in one:
            raise Wrong("Cette opération attend une « value ».")
        steps = [part.replace("~1", "/").replace("~0", "~") for part in path[1:].split("/")]
        _apply(resource, steps, one["op"], one.get("value"), path)
    return resource


def _apply(resource: Any, steps: list[str], verb: str, value: Any, path: str) -> None:
    parent = resource
    for step in steps[:-1]:
        parent = parent[_place(parent, step, path)]
    last = steps[-1]
    if verb == "add" and isinstance(parent, list):
        parent.insert(len(parent) if last == "-" else _index(parent, last, path, 1), value)
        return
    if verb == "add" and isinstance(parent, dict):
        parent[last] = value
        return
    where = _place(parent, last, path)
    if verb == "remove":
        del parent[where]
    elif verb == "replace":
        parent[where] = value
    elif parent[where] != value:
        raise Wrong(f"Le test de « {path[:80]} » échoue : rien n’a été changé.", 422)


def _place(parent: Any, step: str, path: str) -> Any:
    if isinstance(parent, list):
        return _index(parent, step, path)
    if isinstance(parent, dict) and step in parent:
        return step
    raise _nowhere(path)


def _index(parent: list[Any], step: str, path: str, more: int = 0) -> int:
    if not step.isdecimal() or not step.isascii() or len(step) > 4:
        raise _nowhere(path)
    if int(step) >= len(parent) + more:
        raise _nowhere(path)
    return int(step)


def _nowhere(path: str) -> Wrong:
    return Wrong(f"« {path[:80]} » ne mène nulle part dans ce rendez-vous.", 422)
