"""A formula of the catalogue is written in the letters of the note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conformance.notes.extent import base_end, inside, whole_end
from conformance.notes.forms import Stated
from conformance.notes.habits import AsWritten, Habits, spans
from conformance.notes.indices import (
    asked_at,
    bound_in,
    bound_of,
    by_position,
    fewer,
    left_index,
    left_out,
    once_below,
    step_above,
    stepped,
    stepped_above,
    timely,
    tree_of,
    under_sums,
)
from conformance.notes.match import Leading
from conformance.notes.tokens import Token
from conformance.notes.tree import Node, Unreadable, shown, walk
from conformance.notes.writing import has_its_own, indexed, like, names_of

CONSTANT = frozenset(  # what has no step of time
    rf"\{name}" for name in ("alpha", "beta", "gamma", "epsilon", "eta", "kappa", "lambda", "mu", "pi", "rho", "tau")
)
SUMS = frozenset([r"\sum", r"\prod", r"\max", r"\min"])
STOPS = frozenset(["_", "^", "'", r"\prime", "(", "["])


def spelled(
    ref: Stated,
    leading: Leading,
    row: Sequence[Token],
    rest: Sequence[Sequence[Token]] = (),
    known: Habits | None = None,
    *,
    plainly: bool = False,
) -> list[str]:
    """A formula with the note's names, as they stand in a row or in the rest, its bound names and its time.

    Plainly, its indices are the formula's, whatever the row has: they may be what slipped.
    """
    try:
        theirs = tree_of(ref.tokens)
    except Unreadable:
        return [t.text for t in ref.tokens]
    mine: dict[str, list[str]] = {}
    with_index: dict[str, list[str]] = {}
    led = frozenset(leading.names)
    for tokens in (row, *rest):
        for name, texts in names_of(tokens, led).items():
            mine.setdefault(name, texts)
        for name, texts in names_of(tokens, led, indexed=True).items():
            with_index.setdefault(name, texts)
    for name in leading.names.keys() - mine.keys():
        if texts := like(name, mine):
            mine[name] = with_index[name] = texts
    mine |= {name: [name] for name in leading.names if name[:1].isdigit()}  # a share that is a number
    whole = indexed((row,), led) | indexed((row, *rest), led)
    asked = asked_at(row)
    back: dict[str, tuple[str, int]] = {}
    for name, (other, fixed, shift) in leading.names.items():
        key = other + "".join(f"_{i}" for i in fixed)
        if key not in back or name in mine:
            back[key] = (name, shift)
    counts_here = {name.lstrip("\\") for name in bound_of(row)}
    for theirs_there, mine_there in by_position(theirs, row):
        known_as = back.get(theirs_there, ("", 0))[0]
        if (not known_as and mine_there not in leading.names) or known_as in counts_here - {mine_there}:
            back[theirs_there] = mine_there, 0
    timeless = not any(p.kind == "sym" and p.value == "t" for n in walk(theirs) if n.kind == "sym" for p in n.parts)
    step = _step([whole[name] for name, _ in back.values() if name in whole]) if timeless else []
    bound = dict(zip(bound_in(theirs), bound_of(row), strict=False))
    indices: dict[str, set[str]] = {}
    for n in walk(theirs):
        if n.kind in ("sym", "apply"):
            indices.setdefault(str(n.value), set()).add(repr([shown(p) for p in n.parts]))
    said = {t.text for tokens in (row, *rest) for t in tokens}
    on_left = left_index(row)
    left = theirs.parts[0] if theirs.kind == "rel" else theirs
    defined = [shown(p) for p in left.parts] if left.kind == "sym" else []
    above = stepped_above((row, *rest))
    anew = not on_left and any(timely(p) for p in left.parts if left.kind == "sym")  # it says what it becomes
    counted = set(bound_in(theirs))
    less = left_out(theirs, row)
    letters_of = bound | {theirs_there: name for theirs_there, (name, _) in back.items()}
    back_by = _behind_left(theirs, left, back)
    made: dict[int, tuple[int, list[str]]] = {}
    at = {t.start: k for k, t in enumerate(ref.tokens)}
    for n in walk(theirs):
        if n.kind not in ("sym", "apply") or n.start not in at:
            continue
        first = inside(ref.tokens, at[n.start], str(n.value))
        last = base_end(ref.tokens, first)
        name = str(n.value)
        numbered = name + "".join(f"_{p.value}" for p in n.parts if p.kind == "num") if n.parts else name
        if n.kind == "sym" and n.parts and numbered in back and all(p.kind == "num" for p in n.parts):
            last = whole_end(ref.tokens, last)
            name = numbered
        labelled = f"{name}_" + "".join(shown(p) for p in n.parts)
        if n.parts and labelled in back and name not in back:
            name, last = labelled, whole_end(ref.tokens, last)
        if not n.parts and "_" in name[1:]:
            last = whole_end(ref.tokens, last)  # the label is a part of the name
        if name not in back and name.endswith("'") and not back.get(name.rstrip("'"), ("'", 0))[0].endswith("'"):
            name = name.rstrip("'")
        squared = [t.text for t in ref.tokens[whole_end(ref.tokens, last) :][:2]] == ["^", "2"]
        if name not in back and f"{name}²" in back and squared:
            name, last = f"{name}²", whole_end(ref.tokens, last) + 2
        own = whole.get(back[name][0], []) if name in back and len(indices[str(n.value)]) == 1 and not plainly else []
        with_its = _as_many(own, n) and _as_led(own, n, letters_of, counts_here) and back.get(name, ("", 1))[1] == 0
        spoken = back.get(name, ("", 0))[0]  # by the note
        if anew and n.parts and all(timely(p) for p in n.parts) and (n is left or spoken not in with_index):
            letters = mine.get(back.get(name, ("", 0))[0]) or [t.text for t in ref.tokens[first:last]]
            made[first] = (whole_end(ref.tokens, last), letters)
        elif n.kind == "sym" and back.get(name, ("", 0))[0] not in mine and less & {shown(p) for p in n.parts}:
            end = whole_end(ref.tokens, last)
            index = fewer([t.text for t in ref.tokens[last:end]], less, letters_of)
            made[first] = (end, [*(t.text for t in ref.tokens[first:last]), *index])
        elif n.kind == "sym" and n.parts and spoken in mine and has_its_own(spoken, mine[spoken]):
            made[first] = (whole_end(ref.tokens, last), mine[spoken])
        elif above and n.kind == "sym" and len(n.parts) == 1 and timely(n.parts[0]) and name in back:
            letters = mine.get(back[name][0]) or [t.text for t in ref.tokens[first:last]]
            made[first] = (whole_end(ref.tokens, last), [*letters, *step_above(above, n.parts[0], back[name][1])])
        elif n.parts and with_its and len(own) > len(mine.get(back[name][0], own)):
            made[first] = (whole_end(ref.tokens, last), own)  # with its index, as the note writes it
        elif n.kind == "sym" and not n.parts and spoken in asked:
            made[first] = (last, asked[spoken])  # with what it is asked at, as the note writes it
        elif n.kind == "sym" and n.parts and own and own == mine.get(back[name][0]) and not bound and not step:
            made[first] = (whole_end(ref.tokens, last), own)  # without an index, as the note writes it
        elif name in bound and not n.parts:
            made[first] = (last, [bound[name]])
        elif name in back and back[name][0] not in mine and f"hat {back[name][0]}" in mine:
            hat, letters = f"hat {back[name][0]}", [t.text for t in ref.tokens[first:last]]
            scripts = whole[hat][len(mine[hat]) :] if hat in whole else []  # as those of its estimate
            made[first] = (whole_end(ref.tokens, last) if n.parts and scripts else last, [*letters, *scripts])
        elif name in back and back[name][0] in mine:
            bare = (last >= len(ref.tokens) or ref.tokens[last].text != "_") and not plainly
            texts = mine[back[name][0]]
            made[first] = (last, (whole if bare else with_index).get(back[name][0], texts))
        elif n.parts and on_left and defined == [shown(p) for p in n.parts] and n is not left:
            index = stepped(on_left, back_by)
            made[first] = (whole_end(ref.tokens, last), [*(t.text for t in ref.tokens[first:last]), *index])
        elif n.parts and all(p.kind == "sym" and p.value not in counted | said for p in n.parts):
            made[first] = (whole_end(ref.tokens, last), [t.text for t in ref.tokens[first:last]])
        elif n.kind == "sym" and not n.parts and step and _steps(ref.tokens[first].text):
            made[first] = (last, [*(t.text for t in ref.tokens[first:last]), *step])
    made |= under_sums(ref.tokens, bound)
    made |= spans(ref, known) if known else {}
    out: list[str] = []
    k = 0
    while k < len(ref.tokens):
        if k in made:
            last, texts = made[k]
            within = len(texts) > 1 and out[-1:] in (["_"], ["^"]) and texts[0] != "{"
            out += ["{", *texts, "}"] if within else texts
            k = last
        else:
            out.append(ref.tokens[k].text)
            k += 1
    out = once_below(_turned(out, said))
    return _shifted(out, leading) if any(s for _, _, s in leading.names.values()) else out


def _as_led(own: Sequence[str], name: Node, letters: Mapping[str, str], counting: set[str]) -> bool:
    """Whether a name has the letters below it with which a note's sums count where a formula's do."""
    led = [letters.get(str(p.value), "") for p in name.parts if p.kind == "sym"]
    wanted = {letter for letter in led if letter in counting}
    return len(led) < 2 or not wanted or wanted <= set(own)


def _behind_left(theirs: Node, left: Node, back: Mapping[str, tuple[str, int]]) -> int:
    """How many steps what is defined is ahead of what it is made of, where a formula has both at one step."""
    ahead = back.get(str(left.value), ("", 0))[1]
    timed = {str(n.value) for n in walk(theirs) if n.kind == "sym" and any(timely(p) for p in n.parts)}
    rest = [back[name][1] for name in timed if name in back and name != str(left.value)]
    return ahead if ahead and rest and not any(rest) else 0


def _turned(out: list[str], said: set[str]) -> list[str]:
    """A formula with the note's sign of a transpose."""
    sign = next((sign for sign in (r"\top", r"\intercal") if sign in said), "T")
    return [sign if t == "T" and out[k - 1] == "^" else t for k, t in enumerate(out)]


def _as_many(own: Sequence[str], name: Node) -> bool:
    """Whether a name is written with as many different letters as it has indices, if all of them are letters."""
    letters = [t for t in own[1:] if len(t) == 1 and t.isalpha()]
    indices = [p.value for p in name.parts if p.kind == "sym" and not p.parts]
    return len(letters) != len(indices) or len(set(letters)) == len(set(indices))


def _steps(text: str) -> bool:
    """Whether people let a letter change with time: no constant, and no matrix."""
    return text not in CONSTANT and not (len(text) == 1 and text.isupper())


def _step(written: Sequence[Sequence[str]]) -> list[str]:
    """The index of time that most names of a row have, and that one which is missing would have."""
    able = [texts for texts in written if len(texts) > 1 and not CONSTANT & set(texts)]
    steps = sum(list(texts[-2:]) == ["_", "t"] for texts in able)
    return ["_", "t"] if 2 * steps > len(able) and (steps > 1 or len(written) > len(able)) else []


def _shifted(out: list[str], leading: Leading) -> list[str]:
    """Indices of time a step later or earlier, where every name is counted so."""
    shifts = {s for _, _, s in leading.names.values() if s}
    if len(shifts) != 1:
        return out
    shift = shifts.pop()
    bases = {name.split("_")[0] for name, (_, _, s) in leading.names.items() if s}
    made: list[str] = []
    k = 0
    while k < len(out):
        made.append(out[k])
        after = k > 0 and not isinstance(out[k], AsWritten) and out[k - 1].lstrip("\\") in bases
        if out[k] == "_" and after:
            inside, k = group(out, k + 1)
            core = "".join(inside)
            here = {"t": 0, "t-1": -1, "t+1": 1}.get(core)
            if here is not None:
                there = here - shift
                made += ["t"] if there == 0 else ["{", "t", "+" if there > 0 else "-", str(abs(there)), "}"]
            else:
                made += ["{", *inside, "}"]
            continue
        k += 1
    return made


def group(out: list[str], k: int) -> tuple[list[str], int]:
    if k >= len(out) or out[k] != "{":
        return out[k : k + 1], k + 1
    depth = 0
    for end in range(k, len(out)):
        depth += (out[end] == "{") - (out[end] == "}")
        if depth == 0:
            return out[k + 1 : end], end + 1
    return out[k + 1 :], len(out)
