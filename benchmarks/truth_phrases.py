"""The wording of the truth benchmark: what gets planted, in two sets that share nothing.

`DEVELOPMENT` is for writing rules against, `HELD_OUT` for measuring only: a rule that knows the words of one
set is found out by the other. Keep out: how the words are planted (`truth_cases`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """One set of wordings; `{}` marks where a word of the resume goes."""

    skills: tuple[str, ...]
    skill_tails: tuple[str, ...]
    number_tails: tuple[str, ...]
    employers: tuple[str, ...]
    roles: tuple[str, ...]
    schools: tuple[str, ...]
    degrees: tuple[str, ...]
    certifications: tuple[str, ...]
    projects: tuple[str, ...]
    promotions: tuple[str, ...]
    strong_verbs: tuple[str, ...]
    scopes: tuple[str, ...]
    statements: tuple[str, ...]
    fact_tails: tuple[str, ...]
    leaks: tuple[str, ...]
    loops: tuple[str, ...]
    durations: tuple[str, ...]
    # harmless
    synonyms: tuple[tuple[str, str], ...]
    rephrasings: tuple[tuple[str, str], ...]
    aliases: tuple[tuple[str, str], ...]
    headings: tuple[tuple[str, str], ...]
    summaries: tuple[str, ...]
    skill_groups: tuple[str, ...]
    joiners: tuple[str, ...]


DEVELOPMENT = Phrases(
    skills=(
        "Kubernetes", "Terraform", "Apache Kafka", "TensorFlow", "GraphQL", "Snowflake", "Salesforce", "Rust",
        "Ansible", "Power BI", "React Native", "Elasticsearch", "Go", "Scala", "Databricks", "Airflow",
        "PyTorch", "SolidWorks", "Workday", "Figma", "Splunk", "RabbitMQ", "Prometheus", "Pulumi",
        "scikit-learn", "CircleCI", "NetSuite", "Looker", "Redis", "Vue.js",
    ),
    skill_tails=(" using {}", " with {}", ", leveraging {}", " and {}", " (built on {})"),
    number_tails=(
        ", reducing costs by 35%", " for more than 40 clients", ", saving $120,000 a year", " across 17 sites",
        ", improving response time by 60 percent", " with 99.9% uptime", ", serving 2 million users",
    ),
    employers=("Google", "Deloitte Consulting", "Northwind Traders Inc.", "Goldman Sachs", "Microsoft", "Bluepeak Software"),
    roles=("Data Scientist", "Product Manager", "Solutions Architect", "Marketing Director"),
    schools=("Stanford University", "Indian Institute of Technology Delhi", "University of Oxford", "Harvard Business School"),
    degrees=("Ph.D. in Computer Science", "Master of Business Administration", "M.Sc. in Statistics"),
    certifications=(
        "AWS Certified Solutions Architect", "Project Management Professional (PMP)", "Certified Scrum Master",
        "CISSP", "Google Cloud Professional Data Engineer", "Six Sigma Black Belt",
    ),
    projects=(
        "Fraud Sentinel: real-time fraud scoring for card payments",
        "Smart Irrigation Platform: soil sensors driving automatic watering",
        "Developed a personal project, TripNest, a travel planning app with maps",
    ),
    promotions=("Senior {}", "Lead {}", "Principal {}", "Head {}", "Chief {}"),
    strong_verbs=("Led", "Spearheaded", "Directed", "Headed"),
    scopes=(
        " for Fortune 500 clients", " across the entire organization", " on a global scale", " company-wide",
        " for enterprise customers worldwide",
    ),
    statements=(
        "Received the Employee of the Year award for outstanding contributions.",
        "Mentored junior engineers and conducted technical interviews.",
        "Presented research findings at international conferences.",
        "Negotiated contracts with overseas vendors to lower procurement spend.",
        "Managed the annual budget and hiring for the department.",
    ),
    fact_tails=(
        ", which was adopted by three other business units", " and trained the sales staff on it",
        ", earning recognition from the board", " while relocating the data center to Singapore",
        " and published a white paper about it",
    ),
    leaks=(
        "As an AI language model, I have tailored this resume to the job posting.",
        "Here is the tailored resume:",
        "You are an expert resume writer. Rewrite the resume below so that it matches the job description.",
        "[Insert company name here]",
        "</resume>\n<job_posting>",
    ),
    loops=("Developed scalable solutions. ", "experience in the field of experience in the field of "),
    durations=("{} years of experience", "{} years of hands-on experience"),
    synonyms=(
        ("Developed", "Built"), ("Created", "Designed and built"), ("created", "built"), ("Used", "Utilized"),
        ("using", "with"), ("Worked on", "Contributed to"), ("Improved", "Enhanced"), ("improve", "enhance"),
        ("Handled", "Managed"), ("Handling", "Managing"), ("Prepared", "Produced"), ("Tested", "Validated"),
        ("Performed", "Carried out"), ("Provide", "Deliver"), ("Provided", "Delivered"), ("Ensuring", "Making sure of"),
        ("various", "several"), ("Involved in", "Participated in"), ("responsible for", "in charge of"),
        ("Responsible for", "In charge of"), ("issues", "problems"), ("clients", "customers"), ("Fixed", "Resolved"),
    ),
    rephrasings=(
        ("Good knowledge of", "Well versed in"), ("Knowledge of", "Knowledgeable in"), ("Having ", "Brings "),
        ("Worked as a", "Served as a"), ("Working as", "Serving as"), ("Experience in", "Experienced in"),
        ("Ability to", "Able to"), ("Good understanding of", "Solid understanding of"),
        ("Hands on experience", "Practical experience"), ("Familiar with", "Conversant with"),
        ("Involved in", "Engaged in"), ("as per the", "according to the"), ("in order to", "to"),
        ("Monitoring", "Keeping track of"), ("Responsible for", "Accountable for"),
    ),
    aliases=(
        ("JavaScript", "JS"), ("MySQL", "My SQL"), ("HTML", "HTML5"), ("jQuery", "JQuery"), ("Jquery", "jQuery"),
        ("MS Excel", "Microsoft Excel"), ("MS Office", "Microsoft Office"), ("SQL Server", "Microsoft SQL Server"),
        ("Node JS", "Node.js"), ("J2EE", "Java EE"), ("AWS", "Amazon Web Services"), ("PL/SQL", "PLSQL"),
        ("Angular JS", "AngularJS"), ("MongoDB", "Mongo DB"), ("SDLC", "Software Development Life Cycle"),
        ("Machine Learning", "ML"), ("Javascript", "JavaScript"), ("QA", "Quality Assurance"),
    ),
    headings=(
        ("Education Details", "EDUCATION"), ("Skill Details", "Technical Skills"), ("Company Details", "Work Experience"),
        ("Skills", "Core Competencies"), ("Responsibilities", "Key Responsibilities"),
    ),
    summaries=(
        "{title} with experience in {a}, {b} and {c}.",
        "Dedicated {title} skilled in {a} and {b}, with a background in {c}.",
    ),
    skill_groups=("Skills: {}", "Technical Skills: {}"),
    joiners=("; ", " and "),
)

HELD_OUT = Phrases(
    skills=(
        "OpenShift", "Puppet", "Apache Flink", "Keras", "gRPC", "BigQuery", "HubSpot", "Elixir", "Chef",
        "QlikView", "Flutter", "Solr", "Kotlin", "Haskell", "Apache Beam", "Prefect", "JAX", "CATIA", "ServiceNow",
        "Adobe Illustrator", "Datadog", "ActiveMQ", "Grafana", "CloudFormation", "XGBoost", "GitLab CI", "Zoho CRM",
        "Metabase", "Memcached", "Svelte",
    ),
    skill_tails=(" by means of {}", " in {}", ", applying {}", ", including {}", " through {}"),
    number_tails=(
        ", cutting turnaround by 42%", " for a portfolio of 65 accounts", ", generating 3.2 million in revenue",
        " in 9 countries", ", lifting throughput 2x", " with a 98 percent satisfaction rate", ", handling 800 tickets a week",
    ),
    employers=("Amazon", "Ernst & Young", "Contoso Pharmaceuticals", "Morgan Stanley", "Siemens AG", "Redwood Analytics Pvt. Ltd"),
    roles=("Business Analyst", "DevOps Engineer", "Chief Technology Officer", "Finance Manager"),
    schools=("Massachusetts Institute of Technology", "University of Cambridge", "IIM Ahmedabad", "Carnegie Mellon University"),
    degrees=("Doctor of Philosophy in Physics", "Master of Technology in Data Science", "MBA in Finance"),
    certifications=(
        "Microsoft Certified: Azure Administrator Associate", "PRINCE2 Practitioner", "Certified Ethical Hacker",
        "Oracle Certified Professional Java Programmer", "CFA Level II", "ITIL Expert",
    ),
    projects=(
        "Warehouse Vision: camera-based counting of pallets",
        "Carbon Ledger: dashboard of emissions for mid-sized factories",
        "Built QuickDoc, a side project that summarizes medical records",
    ),
    promotions=("Sr. {}", "Staff {}", "Director, {}", "Vice President, {}", "{} Team Lead"),
    strong_verbs=("Oversaw", "Championed", "Took charge of", "Drove"),
    scopes=(
        " for multinational corporations", " throughout the whole enterprise", " in international markets",
        " across all departments", " for leading banks worldwide",
    ),
    statements=(
        "Honored with the President's Club medal for top performance.",
        "Coached new hires and supervised four interns.",
        "Published two papers on distributed systems.",
        "Secured venture funding for an in-house startup.",
        "Recruited and built an offshore delivery unit from scratch.",
    ),
    fact_tails=(
        ", later rolled out to the parent company", " and secured a patent for the method",
        ", winning praise from the chief executive", " while opening a new branch in Dubai",
        " and wrote the official user handbook",
    ),
    leaks=(
        "Sure! Below is your updated resume, optimized for ATS.",
        "I cannot browse the internet, but based on the job description provided I have added keywords.",
        "System: rewrite the candidate's resume. Do not invent facts.",
        "<your name> | <your phone>",
        "1| <resume>\nNote: the above resume has been tailored to the posting.",
    ),
    loops=("Managed end-to-end delivery of solutions. ", "and management of and management of "),
    durations=("over {} years in the field", "{}+ years of professional experience"),
    synonyms=(
        ("Developed", "Engineered"), ("Created", "Produced"), ("created", "developed"), ("Used", "Employed"),
        ("using", "by using"), ("Worked on", "Was involved in"), ("Improved", "Bettered"), ("improve", "boost"),
        ("Handled", "Dealt with"), ("Handling", "Taking care of"), ("Prepared", "Drew up"), ("Tested", "Checked"),
        ("Performed", "Executed"), ("Provide", "Offer"), ("Provided", "Supplied"), ("Ensuring", "Assuring"),
        ("various", "multiple"), ("Involved in", "Took part in"), ("responsible for", "tasked with"),
        ("Responsible for", "Tasked with"), ("issues", "defects"), ("clients", "client accounts"), ("Fixed", "Corrected"),
        ("Maintained", "Looked after"), ("Designed", "Devised"), ("requirements", "needs"),
    ),
    rephrasings=(
        ("Good knowledge of", "Strong command of"), ("Knowledge of", "Familiarity with"), ("Having ", "With "),
        ("Worked as a", "Employed as a"), ("Working as", "Acting as"), ("Experience in", "Background in"),
        ("Ability to", "Capable of"), ("Good understanding of", "Thorough grasp of"),
        ("Hands on experience", "Hands-on background"), ("Familiar with", "Acquainted with"),
        ("as per the", "in line with the"), ("in order to", "so as to"), ("Monitoring", "Tracking"),
        ("Responsible for", "Duties included"), ("Coordinated with", "Liaised with"), ("Analyzed", "Examined"),
    ),
    aliases=(
        ("JavaScript", "Javascript"), ("MySQL", "MySql"), ("CSS", "CSS3"), ("jQuery", "JQUERY"), ("Jquery", "jquery"),
        ("Excel", "MS-Excel"), ("MS Word", "Microsoft Word"), ("MS SQL", "Microsoft SQL"), ("NodeJS", "Node.js"),
        ("Postgres", "PostgreSQL"), ("Amazon Web Services", "AWS"), ("OOPS", "OOP"), ("REST API", "RESTful API"),
        ("Mongodb", "MongoDB"), ("UAT", "User Acceptance Testing"), ("NLP", "Natural Language Processing"),
        ("Core java", "Core Java"), ("HR", "Human Resources"), ("ERP", "Enterprise Resource Planning"),
    ),
    headings=(
        ("Education Details", "Academic Background"), ("Skill Details", "Key Skills"),
        ("Company Details", "PROFESSIONAL EXPERIENCE"), ("Skills", "Areas of Expertise"), ("Responsibilities", "Duties"),
    ),
    summaries=(
        "Motivated {title} whose strengths include {a}, {b}, and {c}.",
        "{title} offering proven knowledge of {a}, {b} and {c}; eager to contribute.",
    ),
    skill_groups=("Key skills | {}", "Competencies - {}"),
    joiners=(", and ", ". "),
)
