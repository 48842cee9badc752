r"""A resume's page as LaTeX source for any engine, with the plain article class and packages that every TeX has.

Every character of the content is escaped: nothing in a resume is read as a command.
"""

import re
from collections.abc import Iterator
from string import Template

from tailoring.layout import Entry, Page, Section, title_of

_ESCAPES = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "`": r"\textasciigrave{}",
        "[": "{[}",  # an item would take it for its argument
        "]": "{]}",
    }
)
_PAIR = re.compile(r"([-,'])(?=\1)")  # TeX makes one sign of two

_BAR = r" \textbar{} "
_SOURCE = Template(r"""% For pdfLaTeX; where letters are not Latin, for LuaLaTeX or XeLaTeX with a font that has them.
\documentclass[10pt,letterpaper]{article}
\usepackage[margin=2cm]{geometry}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \usepackage{textcomp}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
  \usepackage{microtype}
  \DisableLigatures{encoding=*,family=*}
  \input{glyphtounicode}
  \pdfgentounicode=1
\else
  \usepackage{fontspec}
  \defaultfontfeatures{Ligatures=NoCommon}
\fi
\usepackage[hidelinks]{hyperref}
\hypersetup{pdftitle={$title},pdfauthor={$name}}
\pagestyle{empty}
\setlength{\parindent}{0pt}
\setlength{\leftmargini}{1.2em}
\renewcommand{\labelitemi}{\textbullet}
\setcounter{secnumdepth}{0}
\makeatletter
\renewcommand{\section}{\@startsection{section}{1}{0pt}{12pt}{4pt}{\large\bfseries}}
\makeatother
\setlength{\parskip}{3pt}
\hyphenpenalty=10000
\raggedright

\begin{document}
$body
\end{document}
""")


def to_latex(page: Page) -> str:
    """The page as the source of a document."""
    parts = [*_head(page), *(line for section in page.sections for line in _section(section))]
    return _SOURCE.substitute(title=escaped(title_of(page)), name=escaped(page.name), body="\n".join(parts))


def escaped(text: str) -> str:
    """The text as LaTeX that typesets it, sign by sign."""
    return _PAIR.sub(r"\1{}", text.translate(_ESCAPES))


def _head(page: Page) -> Iterator[str]:
    if page.name:
        yield rf"{{\LARGE\bfseries {escaped(page.name)}\par}}"
    if page.headline:
        yield rf"{{\large {escaped(page.headline)}\par}}"
    if page.contact:
        yield rf"{{\small {_BAR.join(map(escaped, page.contact))}\par}}"


def _section(section: Section) -> Iterator[str]:
    yield ""
    yield rf"\section{{{escaped(section.heading)}}}"
    for entry in section.entries:
        yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    if entry.fields:
        first, *others = map(escaped, entry.fields)
        yield _BAR.join([rf"\textbf{{{first}}}", *others]) + r"\par"
    for text in filter(None, [entry.text, ", ".join(entry.terms)]):
        yield rf"{escaped(text)}\par"
    if entry.bullets:
        yield r"\begin{itemize}\setlength{\itemsep}{0pt}\setlength{\parskip}{0pt}"
        yield from (rf"\item {escaped(bullet)}" for bullet in entry.bullets)
        yield r"\end{itemize}"
