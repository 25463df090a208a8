"""Which parts of a Markdown file are mathematics, and where they stand in it."""

import time

import pytest

from conformance.notes.extract import pieces
from conformance.notes.reading import NoteError, decoded

FOUND = {
    "$a = b$": [("inline", "a = b")],
    "so $ x = 1 $ holds": [("inline", "x = 1")],
    "그래서 $x$는 $y_1$이다": [("inline", "x"), ("inline", "y_1")],
    "$O = I$  ,  where $I=$ Input, $P =$  Padding": [("inline", "O = I"), ("inline", "I="), ("inline", "P =")],
    "the $n$-th and the $k$th": [("inline", "n"), ("inline", "k")],
    "over $a +\nb$ two lines": [("inline", "a +\nb")],
    "$$\na = b\n$$": [("display", "a = b")],
    "above\n$$\na = b\n$$\nbelow": [("display", "a = b")],
    "$$ a = b $$": [("display", "a = b")],
    "  - $$ a = b $$": [("display", "a = b")],
    "so $$a = b$$ in kramdown": [("inline", "a = b")],
    "$$\na \\\\\n\n= b_1\n$$": [("display", "a \\\\\n\n= b_1")],
    r"\(\alpha\) and \\(\beta\\), \[\gamma\]": [("inline", r"\alpha"), ("inline", r"\beta"), ("display", r"\gamma")],
    r"so \(a = b\) and \[c = d\]": [("inline", "a = b"), ("display", "c = d")],
    r"so \\(a = b\\) and \\[c = d\\]": [("inline", "a = b"), ("display", "c = d")],
    "\\[a \\\\[2pt] b\\] and \\[c\\]": [("display", "a \\\\[2pt] b"), ("display", "c")],
    "\\begin{align*}\na &= b \\\\\nc &= d\n\\end{align*}": [("display", "a &= b \\\\\nc &= d")],
    "\\begin{eqnarray}\na &=& b\n\\end{eqnarray}": [("display", "a &=& b")],
    "\\\\begin{align}a&=b\\\\end{align}": [("display", "a&=b")],
    "$$\\begin{aligned}a&=b\\end{aligned}$$": [("display", "\\begin{aligned}a&=b\\end{aligned}")],
    "$`a^2`$ here": [("inline", "a^2")],
    "| a | $x_1$ |\n| $y$ | b |": [("inline", "x_1"), ("inline", "y")],
    "## The rate $\\eta$": [("inline", "\\eta")],
    '<div align="center" markdown="1">\n$ a = b $\n</div>': [("inline", "a = b")],
    "$a<b$ and $c>d$": [("inline", "a<b"), ("inline", "c>d")],
    "(32 + 2P - K) / S + 1 = 28": [("plain", "(32 + 2P - K) / S + 1 = 28")],
    "- so y = w * x + b, which is linear.": [("plain", "y = w * x + b")],
    "**x + 1 = 5**이다": [("plain", "x + 1 = 5")],
    "Attention(Q, K, V) = softmax(QK^T / sqrt(d)) V": [("plain", "Attention(Q, K, V) = softmax(QK^T / sqrt(d)) V")],
    "use `W = W - lr * g` here": [("code", "W = W - lr * g")],
    "price \\$5 and $x^2$": [("inline", "x^2")],
    "it costs $5 and with $\\alpha$ it costs $6": [("inline", "\\alpha")],
    "$x = 3 \\text{ for \\$5}$": [("inline", "x = 3 \\text{ for \\$5}")],
    "first $a$\r\n\r\n$$\r\nb = c\r\n$$\r\n": [("inline", "a"), ("display", "b = c")],
    r"\$$\exists x > 0$$ such": [("inline", r"\exists x > 0")],
    r"costs \$$x$ now, \$\$ not": [("inline", "x")],
    "```math\na = b\n```": [("display", "a = b")],
    "~~~{math}\n:label: x\n\na = b\n~~~": [("display", "a = b")],
    "$0.5$ and $(kH, kW)$": [("inline", "0.5"), ("inline", "(kH, kW)")],
    "\\\\({x} and so on\n\nso \\\\(y\\\\)": [("inline", "y")],
    "\\\\(x and \\\\(y\\\\)": [("inline", "y")],
    "an open $$ here\n\nand words and words\n\n$$\na = b\n$$": [("display", "a = b")],
}
NOTHING = {
    "money": "between $5 and $10, or $20 million to $30 million",
    "money behind": "it is 5$ and 10$ a day",
    "money in a table": "| $5 | $10 |\n| --- | --- |\n| $7.50 | $8 |",
    "shell": "set $HOME and $PATH, then $HOME/my_dir and $PATH",
    "fence": "```\n$a = b$\n```",
    "tildes": "~~~python\nx = 1 + 2\n$$a$$\n~~~",
    "fence in a list": "- a\n  ```\n  $a = b$\n  ```",
    "fence in a quotation": "> ```\n> $a = b$\n> ```",
    "fence that is never closed": "```\n$a = b$",
    "front matter": "---\nmath: $a = b + 1$\n---\n",
    "comment": "<!-- $a = b$ \n\n $c = d$ -->",
    "script": "<script>\nlet y = a + b; $x$\n</script>",
    "style": "<STYLE>a{b: $c$}</STYLE>",
    "attribute": '<img alt="$a = b$" src=x>',
    "address": "https://a.b/?x=$1&y=a+b=$2 <https://a.b/$x$>",
    "target": "[so](https://a.b/$x$_$y$) ![p](a$b$.png 'a = b + 1')",
    "definition": "[1]: /a$b$c",
    "code span": "`$a = b$` and `seed=1` and `pip install x==1.0` and `f(a=1)`",
    "words": "flattening = vectorization is a word = word thing, K = 5",
    "comparison": "a + b == c, x + 1 >= 2, x - 1 != 2",
    "options": "-DNAME=1 and -D A_B=OFF, `-C opt-level=3`, `codegen-units = 1`, `a::b-c=d`, (=)",
    "liquid": "{% include a.html x='$a$' %}",
}


@pytest.mark.parametrize("text", FOUND)
def test_mathematics_is_found_as_people_write_it(text):
    found = pieces(text)
    assert [(p.kind, p.text) for p in found] == FOUND[text]
    assert all(text[p.start : p.end] == p.text for p in found)


@pytest.mark.parametrize("name", NOTHING)
def test_what_is_no_mathematics_is_left_alone(name):
    assert [p.text for p in pieces(NOTHING[name])] == []


def test_in_a_quotation_the_marks_of_the_quotation_are_blanks_of_the_same_length():
    text = "> # So\n> $$\n> a = b \\\\\n> c > d\n> $$\n"
    (piece,) = pieces(text)
    assert piece.text == "a = b \\\\\n  c > d"
    assert text[piece.start : piece.end] == "a = b \\\\\n> c > d"
    (outside,) = pieces("$$\na\n> b\n$$")
    assert outside.text == "a\n> b", "outside a quotation it is a relation"


def test_a_piece_knows_its_headings_and_what_stands_around_it():
    text = "Top\n===\n\n## Sub `x` ##\n\nBefore it.\n\n$$\na = b\n$$\n\n**[math 1. So]**\n\n## Next\n\n$c$\n"
    first, second = pieces(text)
    assert first.headings == ("Top", "Sub x")
    assert first.before.endswith("Before it.")
    assert first.after.startswith("**[math 1. So]**")
    assert second.headings == ("Top", "Next")


def test_a_heading_in_code_or_a_rule_is_none():
    (piece,) = pieces("# A\n\n```\n# no\n```\n\ntext\n\n---\n\n- item\n---\n\n$x$")
    assert piece.headings == ("A",)


def test_an_encoding_is_never_guessed():
    with pytest.raises(NoteError, match=r"n\.md is not UTF-8: byte 5 \(0xff, line 2\)"):
        decoded("n.md", b"abc\nd\xff")
    with pytest.raises(NoteError, match="UTF-16"):
        decoded("n.md", "a".encode("utf-16"))
    marked = decoded("n.md", b"\xef\xbb\xbf$a$\r\n")
    assert marked.text == "$a$\r\n"
    assert marked.encoded("b\r") == b"\xef\xbb\xbfb\r"


def test_lines_end_with_either_mark_or_both():
    lines = decoded("n.md", b"a\r\nb\rc\nd").lines
    assert [lines.place(i) for i in (0, 3, 5, 7)] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    assert [lines.span(i) for i in range(4)] == [(0, 1), (3, 4), (5, 6), (7, 8)]


HOSTILE = {
    "dollars": "$ " * 200_000,
    "rounds": "\\( x_1 " * 50_000 + "\\)",
    "squares": "\\[ x_1 " * 50_000 + "\\]",
    "two squares": "\\\\[ x_1 \n" * 30_000 + "\\\\]",
    "begun": "\\begin{align} a " * 20_000 + "\\end{align}",
    "displays": "$$ x\n\n" * 50_000,
    "ticks": "".join("`" * (i % 50 + 1) + " " for i in range(20_000)),
    "comments": "<!-- " * 100_000,
    "tags": "<a b " * 100_000,
    "spaces": " " * 500_000 + "=",
    "brackets": "](" * 200_000,
    "environments": "\\begin{align} a b c \n\n" * 30_000,
    "equals": "a + b = " * 60_000,
    "quotations": "> " * 200_000,
    "parentheses": "(" * 100_000 + "x = 1 + 2" + ")" * 100_000,
    "fences": "```\n~~~\n" * 30_000,
    "names": "a" * 300_000 + " = b + c",
    "scripts": "<script " * 50_000,
    "options": "-DNAME=1 and -D A_B=OFF, `-C opt-level=3`, `codegen-units = 1`, `a::b-c=d`, (=)",
    "liquid": "{% " * 100_000,
    "long": "$$" + "a + " * 50_000 + "$$",
    "deep": "$$" + "{" * 100_000 + "}" * 100_000 + "$$",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_takes_long(name):
    start = time.process_time()
    pieces(HOSTILE[name])
    assert time.process_time() - start < 5
