"""Rights of the data subject: what a person may see and take away (GDPR art. 15 and 20).

An export is made of answers to the questions that the person could ask herself, so it holds what the policy shows her
and nothing else.
"""
