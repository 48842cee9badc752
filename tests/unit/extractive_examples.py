"""A resume and postings, and what extractive-1 makes of them: shared by the tests of its parts."""

from tailoring.extractive import DEFAULT, tailor
from tailoring.parsing import source_lines
from tailoring.relevance import Weights
from tailoring.resume import TailoredResume

RESUME = """\
Mara Lindqvist
Data Engineer
mara@example.com | Uppsala, Sweden

Summary
Data engineer with seven years in retail and energy. Builds pipelines that other teams can trust.

Skills
Python, SQL, Kafka, Airflow, k8s, Terraform, Forecast reviews, Team work

Experience

Data Engineer, Fjordkraft Energy AB
March 2020 - Present
• Moved 40 nightly jobs from cron to Airflow and cut failed loads by 70%
• Built a Kafka pipeline for 2 million meter readings a day
• Wrote the on-call handbook.
• Organised the summer party

Data Analyst, Norrmart Retail AB
June 2016 - February 2020
• Responsibilities: maintained sales reports in SQL for 85 shops
• Trained 12 colleagues in Python
• Page 2 of 3

Education
MSc Statistics, Uppsala University, 2016
Higher secondary school, Gävle, 2011

Certifications
Confluent Certified Developer, 2021 • Certified Kubernetes Administrator, 2022

Personal Details
Date of Birth: 3 May 1991
Marital status: married
"""
STREAMING = """\
Title: Streaming Engineer
We need Kafka, Kafka and more Kafka, on Kubernetes, with Rust. Pipelines for meter readings.
"""
TEACHING = "Title: Python Trainer\nTrain colleagues in Python and SQL. Write a handbook."


def tailored(resume: str = RESUME, posting: str = STREAMING, weights: Weights = DEFAULT) -> TailoredResume:
    return tailor(source_lines(resume), posting, weights)


def bullets(resume: TailoredResume) -> list[str]:
    return [bullet.text for role in resume.experience for bullet in role.bullets]
