"""Section headings: which line opens which section of a resume.

A heading is told by its words alone, composed from a small vocabulary ("Professional Experience", "Key Technical
Skills"), or by its being in the list of fixed phrases. What the lines of a section mean is not decided here.
"""

import re
from enum import StrEnum
from functools import lru_cache


class Section(StrEnum):
    """The sections that a resume is taken apart into."""

    SUMMARY = "summary"
    SKILLS = "skills"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    CERTIFICATIONS = "certifications"
    PROJECTS = "projects"
    CONTACT = "contact"
    OTHER = "other"


_HEAD_WORDS = {
    Section.SUMMARY: "summary objective profile synopsis profil perfil résumé resumen objectif objetivo",
    Section.SKILLS: (
        "skill skills skillset skillsets competencies competences competency expertise proficiency proficiencies strengths "
        "compétences competencias habilidades kenntnisse fähigkeiten competenze competências"
    ),
    Section.EXPERIENCE: (
        "experience experiences employment employers expérience expériences experiencia berufserfahrung esperienza experiência "
        "internship internships"
    ),
    Section.EDUCATION: (
        "education academics academia qualification qualifications scholastics formation educación ausbildung "
        "bildung istruzione formação studium"
    ),
    Section.CERTIFICATIONS: (
        "certification certifications certificate certificates licenses licences licensure courses coursework training "
        "trainings workshops seminars certificados zertifikate"
    ),
    Section.PROJECTS: "project projects projets proyectos projekte progetti projetos",
    Section.CONTACT: "contact contacts",
    Section.OTHER: (
        "achievement achievements accomplishments award awards honors honours interests hobbies languages publications "
        "references volunteering memberships affiliations patents activities declaration sprachen langues idiomas loisirs "
        "hobby strength recognitions patent extracurricular scholarships"
    ),
}
_QUALIFIERS = frozenset(
    (
        "professional work working career employment job key core technical technological it computer software soft hard "
        "personal relevant related additional other academic educational academical industrial industry corporate "
        "selected major minor main recent previous past prior current early and of in the my & / details detail section "
        "history background overview highlights information record set sets areas area known languages tools technologies "
        "technology business management functional leadership language programming community volunteer teaching research "
        "executive brief short general areas undertaken handled academic college school live sap inplant field summary "
        "development data leadership organizational co-curricular curricular extra extra-curricular international "
        "professionnelle professionnelles laboral profesional professionale profissional techniques técnicas et y und e "
    ).split()
)
_PHRASES = {
    Section.SUMMARY: (
        "about me|about|who i am|professional summary|summary of qualifications|key qualifications|core qualifications|"
        "qualifications summary|career objective|profile summary|executive profile|à propos|über mich|sobre mí|"
        "summary of experience|experience summary|professional experience summary|professional highlights|career highlights"
    ),
    Section.SKILLS: (
        "technologies|technical knowledge|computer knowledge|technology stack|tech stack|tools and technologies|"
        "technical summary|technical proficiencies|technicalproficiencies|technical tools|areas of interest and expertise|"
        "conocimientos|technical profile|skills summary|summary of skills|software knowledge|it knowledge|tools"
    ),
    Section.EXPERIENCE: (
        "work history|employment history|career history|company details|job details|professional background|"
        "employment record|employment|positions held|parcours professionnel|beruflicher werdegang|career summary and experience|"
        "work profile|detailexperiences|organizational experience|career progression|organisational experience"
    ),
    Section.EDUCATION: "academic background|academic details|academic record|studies|academic profile|scholastic record",
    Section.CERTIFICATIONS: (
        "professional development|licenses and certifications|continuing education|courses attended|additional courses|"
        "professional certifications|professional qualifications and certifications"
    ),
    Section.CONTACT: (
        "personal details|personal information|personal data|contact information|contact details|personal profile|"
        "personal dossier|datos personales|persönliche daten|personal"
    ),
    Section.OTHER: (
        "volunteer experience|volunteer work|volunteering experience|extra curricular activities|languages known|"
        "language skills|language proficiency|areas of interest|personal interests|community service|community involvement|"
        "honors and awards|awards and honors|references available upon request|personal strengths|personal skills|"
        "military service|key strengths|personality traits|additional information|other information|miscellaneous|"
        "professional memberships|professional affiliations|hobbies and interests|centres d'intérêt|linguistic skills"
    ),
}
_KIND_OF_PHRASE = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases.split("|")}
_KIND_OF_WORD = {word: kind for kind, words in _HEAD_WORDS.items() for word in words.split()}
_LONGEST = 60  # characters; a longer line is no heading
_DECORATION = " \t:：-–—_*#=|•~.<>[]\"'"
_NEVER_INSIDE = re.compile(r"[\d:•*|;.!?]")
_LETTER_SPACED = re.compile(r"(?:\w )+\w")


def heading(line: str) -> Section | None:
    """The section that this line, taken as a heading, opens; None when it is no heading."""
    if len(line) > _LONGEST or not line or line[-1] in ".,;":
        return None
    return _kind(line.strip(_DECORATION))


@lru_cache(maxsize=4096)
def _kind(bare: str) -> Section | None:
    name = " ".join(bare.casefold().replace("&", " and ").replace("/", " and ").split())
    if _LETTER_SPACED.fullmatch(name) and len(name) > 8:
        name = name.replace(" ", "")
    if name in _KIND_OF_PHRASE:
        return _KIND_OF_PHRASE[name]
    words = re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", name)
    if not 1 <= len(words) <= 6 or _NEVER_INSIDE.search(name) or _mixes_capitals(bare):
        return None
    kinds = [_KIND_OF_WORD[word] for word in words if word in _KIND_OF_WORD]
    if not kinds or any(word not in _KIND_OF_WORD and word not in _QUALIFIERS for word in words):
        return None
    return kinds[0]


def _mixes_capitals(text: str) -> bool:
    """Whether words in capitals stand beside others: two headings in a row, or no heading at all."""
    words = [word for word in text.split() if len(word) > 3 and word.isalpha()]
    return len({word.isupper() for word in words}) == 2


def heading_with_content(line: str) -> tuple[str, Section, str] | None:
    """A heading and the text behind it on its own line: `Skills: Python, SQL`, `TECHNICAL SKILLS Languages: Java`.

    Behind a colon any heading counts; without one, only a heading in capitals before a text that is not.
    """
    before, colon, after = line.partition(":")
    if colon and after.strip(_DECORATION):
        kind = heading(before)
        if kind:
            return before.strip(), kind, after.strip(_DECORATION)
    words = line[:_LONGEST].split()
    for count in range(min(4, len(words) - 1), 0, -1):
        name = " ".join(words[:count])
        kind = heading(name) if name.isupper() and len(name) > 4 else None
        if kind and not words[count].isupper():
            return (
                name,
                kind,
                line[len(name) :].strip(_DECORATION) if line.startswith(name) else " ".join(words[count:]),
            )
    return None


def trailing_heading(line: str) -> int:
    """Where a heading begins that the end of the line swallowed (`...your knowledge.Education Details`); -1 if none.

    A heading counts there when it is glued to the text before it, follows the end of a sentence, ends in a colon or in the word
    "Details", or stands in capitals after words that are not.
    """
    tail_start = max(0, len(line) - _LONGEST)
    starts = [tail_start + match.start() for match in _WORD_START.finditer(line, tail_start)]
    found = -1
    for start in reversed(starts[-6:]):
        if start == 0:
            continue
        name = line[start:]
        if heading(name) is None:
            continue
        if _stands_apart(line, start, name):
            found = start
    return found


_WORD_START = re.compile(r"(?<=[a-z0-9.,;:)!?%\]A-Z])(?=[A-Z][a-z])|(?<=[ \t.,;:)!?])(?=[A-Z])")


def _stands_apart(line: str, start: int, name: str) -> bool:
    before = line[:start].rstrip()[-1:]
    glued = not line[start - 1].isspace()
    several = " " in name.strip()
    if not before or before in "-–/&(,":
        return False
    if glued:
        return several or before in ".;:!?)"
    ends_sentence = before in ".;!?)"
    capitals = name.isupper() and len(name) > 5 and not line[:start].split()[-1].isupper()
    return (
        ends_sentence or capitals or name.rstrip(" :").endswith("Details") or (name.endswith(":") and before not in ":")
    )
