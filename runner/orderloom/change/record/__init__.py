"""A run that happened in, a scenario in which it happens again out: redacted, as short as it reads, and tried.

past.py       the run's events: what each call came to, attempt by attempt
redact.py     personal data, made up so that what was the same stays the same
shorten.py    a result, as the answer of a scenario: without what nobody reads, and by formulas where it was handed in
text.py       the file, as a person would write it
making.py     all of these, and the trial
"""
