"""EDI: bytes in, interchanges with their groups and messages out; and segments in, text that a partner can read out.

One tokenizer serves X12, EDIFACT and TRADACOMS. What is wrong with an envelope is a `Fault` with the standard's code.
"""
