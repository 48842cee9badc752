"""What `text` repairs with regular expressions, as data: characters, spaces, bullets, and words that grew together.

Each pattern is read by two engines, Python's `re` and Rust's `regex` inside polars, so it keeps to what both mean the
same by: no look-around, no `\\s`, `\\w` or `\\b`, no flags. It also takes linear time in both. A rule is applied until
it finds nothing more.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    """Replace `pattern` by `replacement`, where `${1}` is the first group; counted under `name`, if it has one."""

    name: str
    pattern: str
    replacement: str


_LINE_ENDS = "\r\n|[\r\x0b\x0c\x85\u2028\u2029]"
_ODD_SPACES = "[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_INVISIBLE = (
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]+"
)
# Symbol and Wingdings draw their bullets at these places of the private use area; what stands at others is unknown.
_SYMBOL_BULLETS = (
    "[\uf02d\uf06c\uf06e\uf06f\uf071\uf075\uf076\uf077\uf09f\uf0a7\uf0a8\uf0ab\uf0b7\uf0d8\uf0e8\uf0f0\uf0fc\uf0fe]"
)
_PRIVATE = "[\ue000-\uf8ff\U000f0000-\U0010ffff]+"

CHARACTERS = (
    Rule("line_ends", _LINE_ENDS, "\n"),
    Rule("odd_spaces", _ODD_SPACES, " "),
    Rule("invisible_characters", "([a-z0-9.,:;!?)])\ufeff+([A-Z•·])", "${1} ${2}"),  # it stands where a line ended
    Rule("invisible_characters", _INVISIBLE, ""),
    Rule("symbol_font", f"{_SYMBOL_BULLETS}+", "•"),
    Rule("symbol_font", _PRIVATE, ""),
    Rule("bullets", "[●▪▫◦‣⁃∙■□◆◇❖➢➤►▸⦁⚫◘]", "•"),
)

SPACES = (
    Rule("spaces", "  +", " "),
    Rule("spaces", " \n", "\n"),
    Rule("spaces", "\n ", "\n"),
    Rule("blank_lines", "\n\n\n+", "\n\n"),
    Rule("spaces", "^[ \n]+", ""),
    Rule("spaces", "[ \n]+$", ""),
)

BULLETS = (
    Rule("bullets", "([ \n•]|^)·+", "${1}•"),
    Rule("bullets", "·+([ \n•]|$)", "•${1}"),
    Rule("bullets", "([ \n:.;]|^)§ ?([A-Z][a-z])", "${1}• ${2}"),  # a Wingdings bullet; laws have "§ 12"
    Rule("bullets", "(\n|^)\\? +([A-Za-z])", "${1}• ${2}"),
    Rule("bullets", "•([^ \n•])", "• ${1}"),
    Rule("bullets", "([^ \n(])•( )", "${1}\n•${2}"),
)

# Web pages that were flattened to text lost the ends of their lines: "inclusion.Who", "skillsAbility to",
# "time offSchedule:8 hour". What follows puts an end back where both sides say that there was one, and leaves
# JavaScript, Node.js, ASP.NET, README.md, e.g., U.S.A., names and addresses alone.

# Marks that belong to a name or an address hide from these rules in characters that no text has after CHARACTERS.
HIDDEN = {".": "\ue000", ":": "\ue001", "!": "\ue002", "?": "\ue003", ";": "\ue004"}
ADDRESS = "://|[wW][wW][wW]\\.|@"
_SUFFIX = (
    "N[eE][tT]|J[sS]|T[sS]|C[oO][mM]?|O[rR][gG]|I[oO]|G[oO][vV]|E[dD][uU]|U[kK]|T[xX][tT]|P[dD][fF]|D[oO][cC][xX]?|"
    "X[lL][sS][xX]?|C[sS][vV]|X[mM][lL]|J[sS][oO][nN]|H[tT][mM][lL]?|C[sS]{2}|P[hH][pP]|P[yY]|E[xX][eE]|D[lL]{2}|"
    "Z[iI][pP]|M[dD]"
)
HIDE_DOTS = (
    Rule("", f"\\.((?:{_SUFFIX})(?:[^A-Za-z]|$)|N[eE][tT][A-Z])", f"{HIDDEN['.']}${{1}}"),
    Rule("", "(System|Microsoft|Windows|Android|\\.[a-z][A-Za-z0-9_]*)\\.([A-Z])", f"${{1}}{HIDDEN['.']}${{2}}"),
)

SHOW_MARKS = tuple(Rule("", hidden, mark) for mark, hidden in HIDDEN.items())

_LABELS = (
    "Pay|Pay [Rr]ange|Salary|Salary [Rr]ange|Compensation|Schedule|Shift|Hours|Expected [Hh]ours|Work Hours|Benefits|"
    "Perks|Bonus|"
    "Supplemental [Pp]ay|Supplemental [Pp]ay [Tt]ypes|Job Types?|Job Title|Employment Type|Position Type|Position|"
    "Contract [Ll]ength|Duration|Start Date|Location|Locations|Job Location|Work Location|Work Setting|Work setting|"
    "Physical [Ss]etting|Medical [Ss]pecialt(?:y|ies)|Experience|Work Experience|Education|Languages?|Skills|"
    "Technical Skills|Soft Skills|Certifications?|License|Licenses|License/Certification|Ability to Commute|"
    "Ability to Relocate|Ability to commute/relocate|Travel|Travel Required|Requirements|Job Requirements|"
    "Qualifications|Minimum Qualifications|Preferred Qualifications|Required Qualifications|Responsibilities|"
    "Key Responsibilities|Job Responsibilities|Essential Functions|Duties|Job Duties|Job Description|Description|"
    "Summary|Job Summary|Position Summary|Overview|Job Overview|About Us|About the Role|About the Company|Department|"
    "Reports [Tt]o|Industry|Company|Client|Project|Role|Environment|Technologies|Tools|Email|E-mail|Phone|Address|"
    "Website|Note"
)
_TITLED = (
    "[Dd]escription|[Ss]ummary|[Oo]verview|[Rr]esponsibilities|[Qq]ualifications|[Rr]equirements|[Dd]uties|"
    "DESCRIPTION|SUMMARY|OVERVIEW|RESPONSIBILITIES|QUALIFICATIONS|REQUIREMENTS|DUTIES"
)
# Words that open the lines of a list of duties, demands or offers, and that end no name like "TeamLead" or "webDesign".
_OPENERS = (
    "Ability to|Able to|Accurately|Achieve|Act as|Adapt|Adhere|Administer|Advise|Analytical|Analyze|Arrange|Assess|"
    "Assists?|Assure|Attend|Attention to|Bachelor|Bachelor['’]s|Bilingual|Build and|Build relationships|Build strong|"
    "Certification in|Certified|Coach and|Collaborates?|Collaborating|Comfortable|Commitment to|Committed to|"
    "Communicates?|Communication skills|Competitive|Completes|Compliance with|Comprehensive|Computer skills|"
    "Conducts?|Conducting|Contribute|Coordinates?|Coordinating|Creates|Creating|Create (?:a|and)|Delivers?|"
    "Demonstrate[ds]?|Dental (?:care|insurance)|Dental, vision|Design and|Detail-oriented|Determine|Develops?|"
    "Developing|Disability insurance|Educate|Effectively|Effective|Employee assistance|Employee discount|Engage with|"
    "Ensures?|Ensuring|Establish|Evaluates?|Excellent|Exceptional|Execute|Experience (?:as|in|of|using|with|working)|"
    "Experienced|Expertise in|Exposure to|Extensive|Facilitate|Familiar with|Familiarity|Flexible|Flexibility|"
    "Fluency in|Fluent in|Follow|Foster|Full-[Tt]ime|Fully|Generate|Generous|"
    "Good (?:communication|knowledge|understanding)|Handles|Have|Health insurance|Health savings|"
    "High (?:level|[Ss]chool)|Highly|Identify|Implements?|Improve|Initiate|Interacts?|Interpret|Investigate|"
    "Knowledge of|Knowledgeable|Lead (?:a|and|the)|Leverage|Liaise|Life insurance|Maintains?|Maintaining|Manages?|"
    "Managing|Master['’]s|Maternity|Medical insurance|Medical, dental|Meet with|Mentor|Minimum|Monday|"
    "Monitor (?:and|the)|Must|Negotiate|Obtain|Operate|Organized?|Our|Outstanding|Oversees?|Own the|"
    "Paid (?:holidays|parental|sick|time|training|vacation)|Parental leave|Participates?|Participation in|"
    "Passion for|Passionate about|Performs?|Performing|Physical (?:demands|requirements)|Plan and|Please|"
    "Positive attitude|Prefer|Preferred|Prepares?|Preparing|Previous|Prior|Prioritize|Proactive|Proactively|"
    "Problem-solving|Process and|Professional development|Proficiency|Proficient|Proven|Provides?|Providing|Pursue|"
    "Recommend|Referral program|Reliable|Report to|Represent|Required|Requires|Research and|Resolve|Respond|"
    "Responsible|Retirement plan|Review and|Self-motivated|Self-starter|Serve as|Skilled|Strong|Superior|Supervises?|"
    "Support (?:and|the)|Supportive|Team player|The|These|This|Thorough|Track and|Train and|Translate|Troubleshoot|"
    "Tuition|Understand|Understanding|Unlimited PTO|Uphold|Use of|Utilize|Valid|Vision insurance|"
    "We (?:are|believe|have|need|offer|provide|seek|value|want|will)|We['’]re|Willing|Willingness|"
    "Work (?:as|closely|in|with)|Working knowledge|You (?:are|can|have|must|will)|You['’]ll|Your"
)
_ENDS = "([ \n,;:.!?)]|$)"
_WORD = "([A-Z][A-Za-z’'-]+|[AI])"
_BEGINS = "([ \n]|^)"

_TIME_ASKED = "[0-9]{1,2}(?:-[0-9]{1,2})?\\+? (?:year|yr|month|week|hour)"

GLUED = (
    Rule("glued_headings", "([^ \n•])(Education Details|Skill Details|Company Details)", "${1}\n${2}"),
    Rule("glued_headings", "([^ \n•]) (Education Details|Skill Details|Company Details)\n", "${1}\n${2}\n"),
    Rule("glued_headings", f"([a-z0-9)%.!?])({_LABELS})( ?:)", "${1}\n${2}${3}"),
    Rule("glued_sentences", "([a-z]{3}[.;])([0-9]{1,2}\\.) ?([A-Z][a-z])", "${1}\n${2} ${3}"),
    Rule("glued_sentences", f"([a-z]{{3}}[.;:])({_TIME_ASKED}|401 ?\\(?[kK])", "${1} ${2}"),
    Rule("glued_lines", f"([a-z]{{4}})({_TIME_ASKED})", "${1}\n${2}"),
    Rule("glued_sentences", f"(\\))([A-Z][a-z]+){_ENDS}", "${1} ${2}${3}"),
    Rule(
        "glued_sentences",
        f"((?:[a-z]{{2}}|[A-Z]{{2}}|[0-9)%”\"’'])[.!?;]|[A-Za-z)]{{2}}:){_WORD}{_ENDS}",
        "${1} ${2}${3}",
    ),
    Rule("glued_headings", f"{_BEGINS}({_TITLED}){_WORD}{_ENDS}", "${1}${2}\n${3}${4}"),
    Rule(
        "glued_lines",
        f"{_BEGINS}((?:[A-Za-z’']+[/-])*[A-Za-z]*[a-z]{{3}})({_OPENERS}){_ENDS}",
        "${1}${2}\n${3}${4}",
    ),
)
